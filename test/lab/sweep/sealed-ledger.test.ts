import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NcnError } from '../../../core/errors/error.js';
import { canonicalJsonLine, type JsonObject } from '../../../core/run/json.js';
import { ledgerFile, readLedger } from '../../../lab/sweep/ledger.js';
import { newSweep, openLedger, wanted } from './support.js';

const how = { launcher: 'in-process', handle: 'h', resumed: false, device: null };

test('each bit of a ledger that flips is told, but in a last line that ends as if it were torn', async () => {
  const directory = await newSweep();
  const ledger = await openLedger(directory);
  await ledger.add(wanted('a', 1), 10, 5);
  await ledger.started(1, how);
  await ledger.done(1);
  await ledger.close();
  const path = join(directory, ledgerFile);
  const whole = await readFile(path);
  const records = JSON.stringify([...(await readLedger(directory))]);
  const last = whole.lastIndexOf('\n', whole.length - 2);
  let refused = 0;
  for (let i = 0; i < whole.length; i += 1) {
    const changed = Buffer.from(whole);
    changed[i] = (changed[i] ?? 0) ^ (1 << (i % 8));
    await writeFile(path, changed);
    const read = await readLedger(directory).catch((error: unknown) => {
      expect(error).toBeInstanceOf(NcnError);
      refused += 1;
      return undefined;
    });
    if (read === undefined || i >= last) continue;
    expect(JSON.stringify([...read]), `bit ${i % 8} of byte ${i}`).toBe(records);
  }
  expect(refused).toBeGreaterThan(0.9 * last);
});

test('the ledger of an earlier version needs no sums', async () => {
  const directory = await newSweep();
  const first = await openLedger(directory);
  await first.add(wanted('a', 1), 10, 5);
  await first.started(1, how);
  await first.close();
  const path = join(directory, ledgerFile);
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  const before = lines.map((text) => {
    const { sum, ...line } = JSON.parse(text) as JsonObject;
    expect(sum).toMatch(/^[0-9a-f]{16}$/);
    return canonicalJsonLine('format' in line ? { ...line, format: 1 } : line);
  });
  await writeFile(path, before.map((line) => `${line}\n`).join(''));
  expect((await readLedger(directory)).get(1)?.state).toBe('running');
  const ledger = await openLedger(directory);
  await ledger.done(1);
  await ledger.close();
  expect((await readLedger(directory)).get(1)?.state).toBe('done');
});
