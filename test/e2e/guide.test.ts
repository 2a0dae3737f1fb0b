import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { temporary, tinyIdx } from './support.js';

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/guide.md'), 'utf8');
/** `npm run test:package`: from the packed tarball in an empty folder. */
const packed = process.env['npm_lifecycle_event'] === 'test:package';

/** An empty folder with ncn installed: the packed tarball, or else this very copy. */
function workplace(): string {
  const folder = temporary();
  if (packed) {
    const [made] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).replace(/^[^[]*/, ''),
    ) as { filename: string }[];
    execFileSync('npm', ['init', '-y'], { cwd: folder });
    const install = ['install', '--no-audit', '--no-fund', `./${made?.filename ?? ''}`];
    execFileSync('npm', install, { cwd: folder });
  } else {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/ncn'));
  }
  return folder;
}

/** Makes every run of the guide tiny, as a user would: in the configuration file. */
const tiny = (data: string) => ({
  set: {
    dataset: `idx:${data}`,
    updates: 4,
    batch: 2,
    'generator.resconvnet.width': 2,
    'generator.resconvnet.depth': 1,
    'evaluation.examples': 2,
    'evaluation.testExamples': 4,
    'metrics.every': 2,
  },
});

function run(command: string, cwd: string) {
  const main = join(cwd, 'node_modules/ncn/dist/cli/main.js');
  const here = command.replaceAll('npx ncn', `"${process.execPath}" "${main}"`);
  return spawnSync(here, { cwd, shell: true, encoding: 'utf8' });
}

test('the guide works, command by command', { timeout: 600_000 }, () => {
  const folder = workplace();
  writeFileSync(join(folder, 'ncn.config.json'), JSON.stringify(tiny(tinyIdx())));
  const source = /```ts\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
  const hasCompare = /^ {2}compare /m.test(run('npx ncn --help', folder).stdout);
  let tests = 0;
  for (const [, block = ''] of guide.matchAll(/```sh\n([\s\S]*?)```/g)) {
    for (const command of block.trim().split('\n')) {
      if (command.includes('npm test')) {
        tests++;
        if (tests === 2) {
          writeFileSync(join(folder, 'edge-loss/src/index.ts'), source);
          // One run of the kit is enough where time counts.
          if (!packed) continue;
        }
      }
      if (command.includes('ncn compare') && !hasCompare) {
        console.log(`not run, since this ncn has no such command yet: ${command}`);
        continue;
      }
      const { status, stdout, stderr } = run(command, folder);
      expect(status, `${command}\n${stdout}${stderr}`).toBe(0);
      if (command.includes('graph --preset dcnn_v1'))
        expect(stdout).toContain('0.5 × edge-loss (plugin edge-loss)');
      if (command.includes('explain')) {
        expect(stdout).toMatch(/default of plugin edge-loss: 0\.5\n {2}command line: 0\.2/);
      }
      if (command.includes('hooks'))
        expect(stdout).toMatch(/loss +generator\/edge-loss +edge-loss/);
    }
  }
  const log = readFileSync(join(folder, 'runs/edges/metrics.jsonl'), 'utf8');
  expect(log).toContain('"generator/edge-loss":');
});

/** A plugin package with an ncn of its own, a real second copy. */
function withItsOwnCopy(folder: string, entry: string, text: string): void {
  const own = join(folder, 'node_modules/ncn-plugin-own');
  const copy = join(own, 'node_modules/ncn');
  mkdirSync(copy, { recursive: true });
  for (const part of ['dist', 'package.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const about = { name: 'ncn-plugin-own', version: '1.0.0', type: 'module', exports: entry };
  writeFileSync(join(own, 'package.json'), JSON.stringify(about));
  writeFileSync(join(own, entry), text);
}

test('with two real copies of ncn: TypeScript gets the one that runs, what is built is refused', () => {
  const command =
    'npx ncn config --preset dcnn_v1 --plugin ncn-plugin-own --set edge-loss.weight=0.7';
  const source = /```ts\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
  const typed = workplace();
  withItsOwnCopy(typed, './index.ts', source);
  expect(run(command, typed).stdout).toMatch(/edge-loss\.weight +0\.7/);
  const built = workplace();
  const types = /: tf\.Tensor|<tf\.Scalar>/g;
  withItsOwnCopy(built, './index.js', source.replaceAll(types, ''));
  const { status, stderr } = run(command, built);
  expect(status).toBe(4);
  expect(stderr).toMatch(/was made by another copy of ncn \(.*ncn-plugin-own.node_modules.ncn/);
  expect(stderr).toContain('peer dependency');
});

test('a new preset passes its own test', { timeout: 300_000 }, () => {
  const folder = workplace();
  expect(run('npx ncn new preset my-preset', folder).status).toBe(0);
  const { status, stdout } = run('cd my-preset && npm test', folder);
  expect(status, stdout).toBe(0);
  expect(run('npx ncn config --preset ./my-preset', folder).stdout).toMatch(
    /loss.adversarial.kind +"least-squares".*preset my_preset/,
  );
  const again = run('npx ncn new preset my-preset', folder);
  expect(again.stderr).toMatch(/exists and is not empty/);
});
