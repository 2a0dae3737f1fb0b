import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openExperiment, openRun } from '../../../core/index.js';
import { plain, tiny } from './support.js';

const source = `
import { definePlugin, z } from 'ncn';
export default definePlugin({
  name: 'moved', version: '1.0.0', summary: 'for tests', options: z.strictObject({}), setup() {},
});
`;

test('a run finds its plugin and its data after its project was renamed or copied', async () => {
  const root = mkdtempSync(join(tmpdir(), 'ncn-moved-'));
  const project = join(root, 'project');
  mkdirSync(join(project, 'plugins'), { recursive: true });
  mkdirSync(join(project, 'data'));
  writeFileSync(join(project, 'plugins/moved.ts'), source);
  const plugins = tiny.plugins.filter(
    (plugin) => typeof plugin === 'object' && 'ncnPlugin' in plugin,
  );
  const experiment = await openExperiment(
    { ...tiny, plugins: [...tiny.plugins, join(project, 'plugins/moved.ts')] },
    { ...plain, data: join(project, 'data') },
  );
  await experiment.train({ directory: join(project, 'runs/one') });
  await experiment.close();
  const evaluate = async (run: string, more: readonly string[] = []): Promise<unknown> => {
    const opened = await openRun(run, { plugins: [...plugins, ...more] });
    const { about } = await opened.evaluate();
    await opened.close();
    return [about.update, opened.values.find(({ path }) => path === 'data')?.value];
  };
  const renamed = join(root, 'renamed');
  renameSync(project, renamed);
  expect(await evaluate(join(renamed, 'runs/one'))).toEqual([6, join(renamed, 'data')]);
  const copy = join(root, 'copy');
  cpSync(renamed, copy, { recursive: true });
  expect(await evaluate(join(copy, 'runs/one'))).toEqual([6, join(copy, 'data')]);
  // The run alone, elsewhere: its plugin can be named anew.
  renameSync(join(copy, 'runs/one'), join(root, 'alone'));
  rmSync(copy, { recursive: true });
  const missing = { code: 'NCN_PLUGIN_NOT_FOUND' };
  await expect(evaluate(join(root, 'alone'))).rejects.toMatchObject(missing);
  const found = await evaluate(join(root, 'alone'), [join(renamed, 'plugins/moved.ts')]);
  expect(found).toEqual([6, join(project, 'data')]);
});
