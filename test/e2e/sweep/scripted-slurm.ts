import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Registers an array, and answers as it is told. */
const sbatch = `
mode=$(cat "$NCN_FAKE_SLURM/mode")
for script; do :; done
token=$(sed -n 's/^#SBATCH --job-name=//p' "$script")
last=$(sed -n 's/^#SBATCH --array=0-\\([0-9]*\\).*/\\1/p' "$script")
calls=$(($(wc -l < "$NCN_FAKE_SLURM/sbatch") + 1))
echo "$token" >> "$NCN_FAKE_SLURM/sbatch"
if [ "$mode" = refuses ]; then echo 'sbatch: error: invalid partition specified: none' >&2; exit 1; fi
for task in $(seq 0 "$last"); do echo "$token|$((100 + calls))|$task|PENDING|Resources|" >> "$NCN_FAKE_SLURM/queue"; done
case "$mode" in
  answers) echo "$((100 + calls))" ;;
  chatters) echo 'Welcome to the cluster.'; echo "$((100 + calls));main" ;;
  'times out') echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2; exit 1 ;;
  'is killed') kill -KILL $$ ;;
  'says nothing') ;;
  'says something new') echo 'sbatch: error: what nobody has seen before' >&2; exit 1 ;;
esac
`;
const squeue = `
echo "$*" >> "$NCN_FAKE_SLURM/squeue"
if [ -e "$NCN_FAKE_SLURM/down" ]; then
  echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1
fi
while [ $# -gt 0 ]; do [ "$1" = --name ] && names=$2; shift; done
grep -E "^($(echo "$names" | tr , '|'))[|]" "$NCN_FAKE_SLURM/queue" || true
`;
const scancel = 'echo "$*" >> "$NCN_FAKE_SLURM/scancel"';

/** Slurm's programs as scripts, first on the PATH of this process: they do as a test says. */
export class ScriptedSlurm {
  constructor(private readonly folder: string) {
    const programs = join(folder, 'bin');
    mkdirSync(programs);
    for (const [name, text] of Object.entries({ sbatch, squeue, scancel })) {
      writeFileSync(join(programs, name), `#!/bin/bash\n${text}`);
      chmodSync(join(programs, name), 0o755);
    }
    process.env['PATH'] = [programs, process.env['PATH']].join(delimiter);
    process.env['NCN_FAKE_SLURM'] = folder;
    this.reset('answers');
  }

  /** An empty queue, and how sbatch behaves from now on. */
  reset(mode: string): void {
    for (const name of ['sbatch', 'squeue', 'scancel', 'queue']) this.write(name, '');
    this.behave(mode);
    this.answer(true);
  }

  behave(mode: string): void {
    this.write('mode', mode);
  }

  /** Whether the controller answers. */
  answer(yes: boolean): void {
    if (yes) rmSync(join(this.folder, 'down'), { force: true });
    else this.write('down', '');
  }

  /** The queue, a line for each task. */
  get queue(): string {
    return readFileSync(join(this.folder, 'queue'), 'utf8');
  }

  set queue(text: string) {
    this.write('queue', text);
  }

  /** What a program was called with, or the names of the arrays that were submitted. */
  calls(program: 'sbatch' | 'squeue' | 'scancel'): string[] {
    const path = join(this.folder, program);
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8').split('\n').slice(0, -1);
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }
}
