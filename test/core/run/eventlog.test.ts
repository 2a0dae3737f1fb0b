import { appendFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EventLog, readEvents } from '../../../core/run/eventlog.js';
import type { JsonObject } from '../../../core/run/json.js';
import { refusal, scratch } from './helpers.js';
import { mountTmpfs } from './mounts.js';

const directory = await scratch();

async function all(path: string): Promise<JsonObject[]> {
  const records: JsonObject[] = [];
  for await (const record of readEvents(path)) records.push(record);
  return records;
}

test('records come back in order; the bytes are canonical', async () => {
  const path = join(directory, 'plain.jsonl');
  const log = await EventLog.open(path);
  log.append({ update: 1, loss: Math.fround(0.1), é: '\n' });
  log.append({ update: 2, loss: NaN, big: 1e21, zero: -0 });
  expect((await stat(path)).size).toBe(0);
  const position = log.position;
  await log.flush();
  expect(log.position).toBe(position);
  await log.close();
  expect(await readFile(path, 'utf8')).toBe(
    '{"loss":0.10000000149011612,"update":1,"é":"\\n"}\n' +
      '{"big":1e+21,"loss":"NaN","update":2,"zero":-0}\n',
  );
  expect((await stat(path)).size).toBe(position);
  expect(await all(path)).toHaveLength(2);
});

test('a resumed log equals one that was never interrupted', async () => {
  const [whole, resumed] = [join(directory, 'whole'), join(directory, 'resumed')];
  const write = (log: EventLog, from: number, to: number): void => {
    for (let update = from; update <= to; update++) log.append({ update, loss: 1 / update });
  };
  const straight = await EventLog.open(whole);
  write(straight, 1, 5000);
  await straight.close();

  const first = await EventLog.open(resumed);
  write(first, 1, 3000);
  await first.flush();
  const checkpoint = first.position;
  write(first, 3001, 3500);
  await first.close();
  await appendFile(resumed, '{"update":3501,"lo');

  const second = await EventLog.open(resumed);
  await second.truncateTo(checkpoint);
  expect(second.position).toBe(checkpoint);
  write(second, 3001, 5000);
  await second.close();
  expect((await readFile(resumed)).equals(await readFile(whole))).toBe(true);
  expect(await all(resumed)).toHaveLength(5000);
});

test('concurrent flushes and appends lose and repeat nothing', async () => {
  const path = join(directory, 'busy');
  const log = await EventLog.open(path);
  const flushes: Promise<void>[] = [];
  for (let i = 0; i < 50; i++) {
    log.append({ i });
    flushes.push(log.flush());
    if (i % 7 === 0) await flushes[i];
  }
  await Promise.all(flushes);
  expect((await stat(path)).size).toBe(log.position);
  await log.close();
  expect((await all(path)).map(({ i }) => i)).toEqual([...Array(50).keys()]);
});

test('a torn last line is left out by readers and cut off by the writer', async () => {
  const path = join(directory, 'torn');
  const long = `{"text":"${'x'.repeat(200_000)}`;
  await writeFile(path, `{"a":1}\n${long}`);
  expect(await all(path)).toEqual([{ a: 1 }]);
  const log = await EventLog.open(path);
  expect(log.position).toBe(8);
  log.append({ a: 2 });
  await log.close();
  expect(await all(path)).toEqual([{ a: 1 }, { a: 2 }]);

  await writeFile(path, '{"a":1}\n\0\0\0\n');
  expect(await all(path)).toEqual([{ a: 1 }]);
  await writeFile(path, '{"a":1');
  const empty = await EventLog.open(path);
  expect(empty.position).toBe(0);
  await empty.close();
});

test.each(['nonsense', '[1]', ''])(
  "a line '%s' in the middle is an error with its number",
  async (line) => {
    const path = join(directory, 'middle');
    await writeFile(path, `{"a":1}\n${line}\n{"a":3}\n`);
    const error = await refusal(() => all(path));
    expect(error.code).toBe('NCN_RUN_LOG_LINE');
    expect(error.message).toContain('line 2');
  },
);

test('a log that is too short, or cut elsewhere, is not resumed', async () => {
  const path = join(directory, 'short');
  const log = await EventLog.open(path);
  log.append({ a: 1 });
  log.append({ a: 2 });
  await log.flush();
  const inside = await refusal(() => log.truncateTo(11));
  expect(inside.code).toBe('NCN_RUN_LOG_POSITION');
  const { position } = log;
  await log.close();

  await truncate(path, 8);
  const shorter = await EventLog.open(path);
  const error = await refusal(() => shorter.truncateTo(position));
  expect(error.code).toBe('NCN_RUN_LOG_SHORT');
  expect(error.message).toContain(`has 8 bytes, but the checkpoint was taken at byte ${position}`);
  await shorter.truncateTo(0);
  await shorter.close();
  expect(await all(path)).toEqual([]);
});

test('places where no log can be', async () => {
  const missing = await refusal(() => EventLog.open(join(directory, 'no', 'log')));
  expect(missing.code).toBe('NCN_RUN_MISSING');
  expect((await refusal(() => all(join(directory, 'no-log')))).code).toBe('NCN_RUN_MISSING');
});

test('a full disk keeps the records for another attempt', async ({ skip }) => {
  const disk = join(directory, 'small-disk');
  const mount = mountTmpfs(disk, 'size=64k');
  if (typeof mount === 'string') {
    console.warn(mount);
    return skip(mount);
  }
  try {
    const path = join(disk, 'log');
    await writeFile(join(disk, 'ballast'), Buffer.alloc(48_000));
    const log = await EventLog.open(path);
    log.append({ a: 1 });
    await log.flush();
    log.append({ text: 'x'.repeat(30_000) });
    expect((await refusal(() => log.flush())).code).toBe('NCN_RUN_DISK_FULL');
    expect(await all(path)).toEqual([{ a: 1 }]);
    await truncate(join(disk, 'ballast'), 0);
    await log.close();
    expect(await all(path)).toHaveLength(2);
    expect((await stat(path)).size).toBe(log.position);
  } finally {
    mount.unmount();
  }
});
