import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Prepares a documented experiment, and compares the state that a thread makes with that drawn in one piece. */
const script = `
import { openExperiment } from './dist/core/index.js';
import { Draws } from './dist/core/trainer/build/draws.js';
import { initialState, writeInitialState } from './dist/core/trainer/build/state.js';
import { compiledEngine } from './dist/engines/compiled/engine.js';
const experiment = await openExperiment('conditional_v5', { dataset: 'glyphs', seed: 3 });
const prepared = await experiment.prepare();
const session = await compiledEngine.open({ threads: 1 });
const draws = Draws.begin(prepared, session);
let given = 0;
const told = { give: async (...about) => {
  const did = (await draws?.give(...about)) ?? false;
  if (did) given++;
  return did;
} };
await writeInitialState(prepared, session, told);
const differing = [];
const expected = initialState(prepared);
const found = await session.read();
for (const [name, { data }] of found) {
  const bytes = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength);
  if (!bytes(data).equals(bytes(expected.get(name).data))) differing.push(name);
}
const slots = prepared.built.steps[0].initialState();
await session.write(slots);
for (const [name, { data }] of await session.read(slots.keys())) {
  if (data.some((value) => value !== 0)) differing.push(name);
}
await draws?.close();
await session.close();
await experiment.close();
const order = [...found.keys()].join() === [...expected.keys()].join();
console.log(JSON.stringify({ given, differing, order, slots: slots.size }));
process.exit();`;

test('a first state that a thread of its own makes is that of one that is drawn in one piece', () => {
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root });
  const { given, differing, order, slots } = JSON.parse(out.toString()) as Record<string, unknown>;
  expect(given).toBeGreaterThan(2);
  expect(slots).toBeGreaterThan(10);
  expect(differing).toEqual([]);
  expect(order).toBe(true);
});
