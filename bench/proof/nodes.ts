/**
 * Runs, kills and resumes small runs under every supported Node, of the npm package `node-PLATFORM-ARCH`,
 * which has the program and no install script: `npm run proof:nodes [-- --versions 20,22,24,26]`. They must end
 * with the bytes that the Node of this process gives.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { scriptOptions, words } from '../options.js';
import { command, folder, outcomeOf } from './command.js';
import { References, smallRun, type Kind } from './small-runs.js';

const { versions = ['20', '22', '24', '26'] } = scriptOptions({
  command: 'npm run proof:nodes',
  about: 'Runs, kills and resumes small runs under every supported Node.',
  options: { versions: words('of Node, with commas; 20,22,24,26 by default') },
});
const name = `node-${process.platform}-${process.arch}`;
const references = new References();
const kinds: readonly Kind[] = [
  { family: 'gans', engine: 'wasm' },
  { family: 'gans', engine: 'compiled' },
  { family: 'speech', engine: 'wasm' },
];
const found: Record<string, string> = {};
const failures: string[] = [];

function install(version: string): string {
  const home = folder();
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', home];
  execFileSync('npm', [...args, `${name}@${version}`], { cwd: home, stdio: 'ignore' });
  return join(home, 'node_modules', name, 'bin/node');
}

/** What is wrong with a run under this Node; undefined where it ends as it must. */
async function tried(program: string, kind: Kind): Promise<string | undefined> {
  const { milliseconds, outcome } = await references.of(kind);
  const run = join(folder(), 'run');
  const args = smallRun(references.data, run, kind);
  await command(args, (kill) => setTimeout(() => kill('SIGKILL'), milliseconds * 0.7), { program });
  const again = existsSync(join(run, 'manifest.json')) ? ['resume', run] : args;
  const { code, text } = await command(again, undefined, { program });
  if (code !== 0) return `it ended with ${String(code)}: ${text.slice(-2000)}`;
  return outcomeOf(run) === outcome ? undefined : `other bytes in ${run}`;
}

for (const wanted of versions) {
  const program = install(wanted);
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  let passed = 0;
  for (const kind of kinds) {
    const fault = await tried(program, kind);
    if (fault === undefined) passed++;
    else failures.push(`${version}, ${kind.family} on ${kind.engine}: ${fault}`);
  }
  found[version] = `${passed} of ${kinds.length}`;
}
console.log(JSON.stringify({ campaign: 'nodes', reference: process.version, found, failures }));
process.exitCode = failures.length === 0 ? 0 : 1;
