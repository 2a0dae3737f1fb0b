import { parentPort } from 'node:worker_threads';
import { makeAndWrite, type ClipJob } from './make.js';

/** A worker thread that makes clips: it is given jobs and answers with an error's message or null. */
parentPort?.on('message', (job: ClipJob) => {
  makeAndWrite(job).then(
    () => parentPort?.postMessage(null),
    (error: unknown) =>
      parentPort?.postMessage(error instanceof Error ? error.message : String(error)),
  );
});
