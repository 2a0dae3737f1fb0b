/**
 * A process that runs command lines of ncn one after the other, without the start of a process for each. A parent
 * forks it, sends a {@link HostedCommand} and gets a {@link HostedResult} for each, in order.
 */
import { resolve } from 'node:path';
import { z } from 'zod';
import { reportFailure } from '../cli/failure.js';
import { program } from '../cli/program.js';

const hostedCommand = z.object({
  args: z.array(z.string()),
  cwd: z.string(),
  env: z.record(z.string(), z.string()),
});

export type HostedCommand = z.infer<typeof hostedCommand>;

export interface HostedResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const main = resolve(import.meta.dirname, '../cli/main.js');

/** What a stream is given until it is put back. */
class Heard {
  text = '';
  private readonly write;

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.write = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      this.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      const done = rest.at(-1);
      if (typeof done === 'function') process.nextTick(done);
      return true;
    };
  }

  putBack(): void {
    this.stream.write = this.write;
  }
}

async function run({ args, cwd, env }: HostedCommand): Promise<HostedResult> {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) {
    if (!(name in env)) Reflect.deleteProperty(process.env, name);
  }
  Object.assign(process.env, env);
  // Runs write down their command, and sweeps start others.
  process.argv = [process.execPath, main, ...args];
  process.exitCode = 0;
  const [stdout, stderr] = [new Heard(process.stdout), new Heard(process.stderr)];
  try {
    await program(args);
  } catch (error) {
    reportFailure(error, args.includes('--json'));
  }
  // What is written in the next turns belongs to this command, too.
  await new Promise((done) => setImmediate(done));
  for (const heard of [stdout, stderr]) heard.putBack();
  return { code: process.exitCode, stdout: stdout.text, stderr: stderr.text };
}

let last: Promise<void> = Promise.resolve();
process.on('message', (message) => {
  last = last.then(async () => {
    process.send?.(await run(hostedCommand.parse(message)));
  });
});
process.on('disconnect', () => process.exit());
