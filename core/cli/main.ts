#!/usr/bin/env node
import { program } from './program.js';
import { reportFailure } from './failure.js';

try {
  await program(process.argv.slice(2));
} catch (error) {
  reportFailure(error, process.argv.includes('--json'));
}
// Engines may leave threads behind that would keep the process alive.
process.exit();
