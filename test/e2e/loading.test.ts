import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { main, start, temporary } from './support.js';

const coverage = z.object({ result: z.array(z.object({ url: z.string() })) });

/** The parts of the package that a command loads. */
async function partsOf(...args: string[]): Promise<string[]> {
  const folder = temporary();
  await start(args, { NODE_V8_COVERAGE: folder }).finished;
  const urls = readdirSync(folder).flatMap((file) =>
    coverage
      .parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
      .result.map(({ url }) => url),
  );
  return urls.filter((url) => url.includes('/dist/bundle/')).map((url) => basename(url));
}

test('help loads nothing but what the command line needs, a preset list no engine', async () => {
  const help = await partsOf('--help');
  expect(help.length).toBeGreaterThan(0);
  expect(help.filter((name) => !/(^|-)(command|first)\b|rolldown-runtime/.test(name))).toEqual([]);
  const presets = await partsOf('presets');
  expect(presets.length).toBeGreaterThan(help.length);
  expect(presets.filter((name) => /^(rest|start-rest|engine.*|sounds.*)[.]js$/.test(name))).toEqual(
    [],
  );
});

test('where a part of the program is missing, a line says so, not a trace', () => {
  const copy = join(temporary(), 'dist');
  const dist = resolve(dirname(main), '..');
  for (const folder of ['cli', 'bundle']) {
    cpSync(join(dist, folder), join(copy, folder), { recursive: true });
  }
  const kept = /^(alone-.*|rolldown-runtime)[.]js$/;
  for (const name of readdirSync(join(copy, 'bundle')).filter((file) => !kept.test(file))) {
    rmSync(join(copy, 'bundle', name));
  }
  const command = [join(copy, 'cli/main.js'), 'presets'];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error: ncn is not whole: Cannot find .*\n {2}'npm install' again\.\n$/);
});
