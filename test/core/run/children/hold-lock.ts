// Tries to take a lock when the file GO appears, says what happened, holds until stdin ends:
// hold-lock.ts DIRECTORY GO
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../../core/errors/error.js';
import { acquireLock } from '../../../../core/run/lock.js';

const [directory = '', go = ''] = process.argv.slice(2);
process.stdout.write('ready\n');
while (!existsSync(go)) await sleep(1);
try {
  const lock = await acquireLock(directory, (message) => process.stdout.write(`note ${message}\n`));
  process.stdout.write('held\n');
  process.stdin.on('end', () => {
    void lock.release().then(() => process.exit(0));
  });
  process.stdin.resume();
} catch (error) {
  process.stdout.write(`refused ${messageOf(error)}\n`);
}
