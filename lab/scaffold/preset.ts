import type { PackageNames } from './names.js';
import { gitignore, packageJson, tsconfig } from './shared.js';

/** The files of a new preset package, by path. */
export function presetFiles(names: PackageNames): Map<string, string> {
  return new Map([
    ['package.json', packageJson('preset', names)],
    ['tsconfig.json', tsconfig],
    ['.gitignore', gitignore],
    ['src/index.ts', source(names)],
    ['test/index.test.mjs', test(names)],
    ['README.md', readme(names)],
  ]);
}

const source = ({ name }: PackageNames): string => `import { definePreset, use } from 'ncn';

/** What is not said here is as in the preset that it extends. */
export default definePreset({
  name: '${name}',
  summary: 'conditional_v5 with a least-squares adversarial loss',
  extends: 'conditional_v5',
  plugins: [
    use('loss.adversarial', { kind: 'least-squares' }), // Mao et al., LSGAN (2017)
    use('discriminator.conditional', { output: 'linear' }), // as that loss wants it
    // A plugin of yours: use('./my-loss.ts', { weight: 0.1 }),
  ],
});
`;

const test = ({ name }: PackageNames): string => `// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPreset, tinyRun } from 'ncn/testing';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));

test('it is a preset', async () => {
  assert.equal((await loadPreset(folder)).name, '${name}');
});

test('it trains, and a resumed run equals one that was not stopped', async () => {
  const whole = await tinyRun({ preset: folder });
  const resumed = await tinyRun({ preset: folder, interruptAfter: 3 });
  for (const values of whole.metrics) {
    for (const [name, value] of values) assert.ok(Number.isFinite(value), name);
  }
  assert.equal(resumed.contentHash, whole.contentHash);
});
`;

const readme = ({ folder, package: npm, name }: PackageNames): string => `# ${npm}

A preset for [ncn](https://www.npmjs.com/package/ncn): \`${name}\`.

    npm install ncn ${npm}
    npx ncn --preset ${npm} --profile quick

## Working on it

    npx ncn --preset ./${folder} --profile quick   # from the folder above
    npm test                  # loads it, trains it on tiny data, resumes it
    npm install && npx tsc    # types
`;
