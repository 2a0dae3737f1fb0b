import { ExitCode } from '../core/errors/error.js';
import { reportFailure } from './failure.js';
import { commandIsOver, watchMishaps } from './mishaps.js';
import { program } from './program.js';
import { outliveStreams, resultLost } from './streams.js';

const json = process.argv.includes('--json');
outliveStreams();
watchMishaps(json);
try {
  await program(process.argv.slice(2));
} catch (error) {
  reportFailure(error, json);
}
// A pipe takes what was written in its own time.
await new Promise((done) => process.stdout.write('', done));
if (resultLost() && process.exitCode === ExitCode.ok) process.exitCode = ExitCode.run;
commandIsOver();
// Engines may leave threads behind that would keep the process alive.
process.exit();
