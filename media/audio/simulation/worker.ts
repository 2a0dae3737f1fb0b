import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../../core/errors/error.js';
import { makeAndWrite, type ClipJob } from './make.js';

/** A worker thread that makes clips: it is given jobs and answers with notices, or an error's message. */
parentPort?.on('message', (job: ClipJob) => {
  makeAndWrite(job).then(
    (notices) => parentPort?.postMessage({ message: null, notices }),
    (error: unknown) => parentPort?.postMessage({ message: messageOf(error), notices: [] }),
  );
});
