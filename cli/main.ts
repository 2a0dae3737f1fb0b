#!/usr/bin/env node
import { handlesHint, hasFewHandles, isLackOfHandles, tooFewHandles } from './handles.js';

// Where the program cannot even be loaded, somebody must say why.
try {
  (await import('./compiled-code.js')).keepCompiledCode();
  await import('./begin.js');
} catch (error) {
  await reportLoading(error);
  process.exit();
}

async function reportLoading(thrown: unknown): Promise<void> {
  const json = process.argv.includes('--json');
  try {
    const { reportFailure } = await import('./failure.js');
    reportFailure(thrown, json);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    if (!isLackOfHandles(error) && !hasFewHandles()) {
      process.exitCode = 1;
      process.stderr.write(`error: ncn is not whole: ${cause}\n  'npm install' again.\n`);
      return;
    }
    const message = tooFewHandles(cause);
    const exit = 7;
    process.exitCode = exit;
    const docs = 'docs/errors.md#ncn_file_handles';
    const about = {
      type: 'error',
      code: 'NCN_FILE_HANDLES',
      exit,
      message,
      hint: handlesHint,
      docs,
    };
    if (json) process.stdout.write(`${JSON.stringify(about)}\n`);
    else process.stderr.write(`error: ${message}\n  ${handlesHint}\n  ${docs}\n`);
  }
}
