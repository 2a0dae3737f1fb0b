/** Feeds readers in a process that the campaign can end: a message before and after each input. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, NcnError } from '../../core/errors/error.js';
import { RandomStreams } from '../../core/random/streams.js';
import { jobsSchema } from './fuzz-jobs.js';
import { readers } from './readers.js';

const [folder = '', seed = '', list = ''] = process.argv.slice(2);
const targets = await readers(folder);
const random = new RandomStreams(Number(seed));

const say = (message: object): Promise<void> =>
  new Promise((sent) => {
    process.send?.(message, () => sent());
  });

/** Bytes above what the process had at its start that no input may take. */
const allowed = 400e6;
const atStart = process.memoryUsage.rss();

for (const { target, first, end } of jobsSchema.parse(JSON.parse(list))) {
  for (let index = first; index < end; index++) {
    await say({ target, index });
    let result: 'accepted' | 'refused' | 'failed' = 'accepted';
    let message = '';
    try {
      await targets.get(target)?.feed(random.at(`fuzz/${target}`, index), index);
    } catch (error) {
      result = error instanceof NcnError ? 'refused' : 'failed';
      const trace = error instanceof Error ? (error.stack ?? '') : '';
      if (result === 'failed') message = `${messageOf(error)}\n${trace}`;
    }
    const tooMuch = process.memoryUsage.rss() - atStart > allowed;
    await say({ target, index, result, message, tooMuch });
    if (tooMuch) process.exit();
    await rm(join(folder, `plugin-${index}.mjs`), { force: true });
  }
}
process.exit();
