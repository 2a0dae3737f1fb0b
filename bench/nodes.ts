// Loads a TypeScript plugin and runs the test of a new package on every supported Node, taken from
// the npm package `node`. Not part of CI: it installs four of them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { scriptOptions, words } from './options.js';

const { versions = ['20.20', '22', '24', '26'] } = scriptOptions({
  command: 'npm run test:nodes',
  about: 'Loads a TypeScript plugin and runs the test of a new package on every supported Node.',
  options: { versions: words('of Node, with commas; 20.20,22,24,26 by default') },
});
const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'ncn-nodes-'));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(root, join(folder, 'node_modules/ncn'));
const main = join(root, 'dist/cli/main.js');
execFileSync(process.execPath, [main, 'new', 'plugin', 'my-plugin'], { cwd: folder });
for (const wanted of versions) {
  const home = join(folder, `node-${wanted}`);
  mkdirSync(home);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', home, `node@${wanted}`], {
    cwd: home,
    stdio: 'ignore',
  });
  const node = join(home, 'node_modules/node/bin/node');
  const run = (cwd: string, ...args: string[]): string =>
    execFileSync(node, args, { cwd, encoding: 'utf8' });
  const found = run(folder, '--version').trim();
  run(folder, main, 'hooks', '--preset', 'dcnn_v1', '--plugin', './my-plugin');
  run(join(folder, 'my-plugin'), '--test', 'test/index.test.mjs');
  console.log(`Node ${found}: a TypeScript plugin loads, and its test passes`);
}
