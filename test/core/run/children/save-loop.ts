// Saves checkpoints for ever, until killed: save-loop.ts DIRECTORY FIRST_UPDATE
import { CheckpointStore } from '../../../../core/run/checkpoints.js';
import { stateAt } from '../states.js';

const [directory = '', first = '1'] = process.argv.slice(2);
const store = new CheckpointStore(directory, { keepLast: 2 });
for (let update = Number(first); ; update++) {
  // Every other one is saved twice, to be killed while replacing.
  for (let times = 1 + (update % 2); times > 0; times--) {
    await store.save(stateAt(update));
    process.stdout.write(`${update}\n`);
  }
}
