import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** What an example of the engine prints, made small. */
function lines(name: string, ...args: string[]): string[] {
  const jiti = join(root, 'node_modules/jiti/lib/jiti-cli.mjs');
  const all = [jiti, join(root, `examples/engine/${name}.ts`), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout.trim().split('\n');
}

test('a network is trained on the engine alone, and another function takes its weights', () => {
  const [first = '', ...others] = lines('spirals', '40');
  expect(others).toHaveLength(2);
  const lossOf = (line = ''): number => Number(/loss (\S+)$/.exec(line)?.[1]);
  expect(lossOf(others[0])).toBeLessThan(lossOf(first));
  expect(Number(/^right: (\d+) of 200$/.exec(others[1] ?? '')?.[1])).toBeGreaterThan(100);
});

test('the engine and tf.train on wasm take the same steps, and the ratio of their times is told', () => {
  const [wasm = '', ours = '', ratio = ''] = lines('faster', '3', '16', '8');
  const lossOf = (line: string): string => /loss (\d\.\d{4}) after 4$/.exec(line)?.[1] ?? line;
  expect(lossOf(ours)).toBe(lossOf(wasm));
  expect(ratio).toMatch(/^\d+\.\d times as fast$/);
});
