#!/usr/bin/env node
import { program } from './program.js';
import { reportFailure } from './failure.js';
import { outliveStreams, resultLost } from './streams.js';
import { ExitCode } from '../core/errors/error.js';

outliveStreams();

try {
  await program(process.argv.slice(2));
} catch (error) {
  reportFailure(error, process.argv.includes('--json'));
}
// A pipe takes what was written in its own time.
await new Promise((done) => process.stdout.write('', done));
if (resultLost() && process.exitCode === ExitCode.ok) process.exitCode = ExitCode.run;
// Engines may leave threads behind that would keep the process alive.
process.exit();
