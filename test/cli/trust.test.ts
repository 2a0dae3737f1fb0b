import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporary } from '../e2e/support.js';

const module = JSON.stringify(resolve(import.meta.dirname, '../../dist/cli/trust.js'));

/** In a process of its own, with a configuration folder of its own. */
async function run(config: string, source: string): Promise<string> {
  const code = `const { trustPlugins, permitCode } = await import(${module}); ${source}`;
  const env = { ...process.env, XDG_CONFIG_HOME: config };
  const args = ['--input-type=module', '-e', code];
  return (await promisify(execFile)(process.execPath, args, { cwd: temporary(), env })).stdout;
}

const files = (process: number): string[] =>
  Array.from({ length: 40 }, (_, i) => `/elsewhere/${process}/plugin-${i}.ts`);

const permits = (config: string, wanted: readonly string[]): Promise<string> =>
  run(
    config,
    `await permitCode({ directory: '/run', files: ${JSON.stringify(wanted)} }, [], false, false); console.log('yes');`,
  );

test('processes that remember plugins at the same time forget none', async () => {
  const config = temporary();
  const all = [0, 1, 2, 3].map(files);
  await Promise.all(
    all.map((mine) =>
      run(
        config,
        `for (const file of ${JSON.stringify(mine)}) {
           trustPlugins([file]);
           await new Promise((done) => setTimeout(done, 2));
         }`,
      ),
    ),
  );
  expect(await permits(config, all.flat())).toBe('yes\n');
  await expect(permits(config, ['/elsewhere/other.ts'])).rejects.toThrow('/elsewhere/other.ts');
});

test('the list as it was kept before counts, and a line that is damaged costs that line', async () => {
  const config = temporary();
  mkdirSync(join(config, 'ncn'), { recursive: true });
  const before = { format: 1, files: ['/elsewhere/before.ts'] };
  writeFileSync(join(config, 'ncn/trusted-plugins.json'), JSON.stringify(before));
  const lines = '"/elsewhere/a.ts"\n"/elsewhere/b.\n"/elsewhere/c.ts"\n';
  writeFileSync(join(config, 'ncn/trusted-plugins.jsonl'), lines);
  const known = ['/elsewhere/before.ts', '/elsewhere/a.ts', '/elsewhere/c.ts'];
  expect(await permits(config, known)).toBe('yes\n');
  await expect(permits(config, ['/elsewhere/b.ts'])).rejects.toThrow('/elsewhere/b.ts');
});
