import type { PackageNames } from './names.js';
import { gitignore, packageJson, tsconfig } from './shared.js';

/** The files of a new plugin package, by path. */
export function pluginFiles(names: PackageNames): Map<string, string> {
  return new Map([
    ['package.json', packageJson('plugin', names)],
    ['tsconfig.json', tsconfig],
    ['.gitignore', gitignore],
    ['src/index.ts', source(names)],
    ['test/index.test.mjs', test(names)],
    ['README.md', readme(names)],
  ]);
}

const source = ({
  name,
}: PackageNames): string => `import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';

const options = z.strictObject({
  weight: schedule().default(0.1).describe('weight in the loss of the main network'),
});

/** A loss term of the main network: the mean square of how far its output is from the target. */
export default definePlugin({
  name: '${name}',
  version: '0.1.0',
  summary: 'mean squared error of the output, as a loss of the main network',
  options,
  setup({ hooks, options: { weight } }) {
    hooks.losses.tap(({ add, main }) => {
      add({
        name: '${name}',
        network: main,
        weight: toSchedule(weight),
        // A pure function of tf.js operations: [batch, …] of any shape in, a single number out.
        value: ({ signal, output }) =>
          tf.mean<tf.Scalar>(tf.square(tf.sub(signal('target'), output))),
      });
    });
  },
});
`;

const test = ({ name }: PackageNames): string => `// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conformance, loadPlugin, tinyRun } from 'ncn/testing';

const plugin = await loadPlugin(new URL('..', import.meta.url));

for (const check of conformance(plugin)) test(check.name, check.run);

test('it is a term of the loss', async () => {
  const { metrics } = await tinyRun({ plugins: [plugin], values: { '${name}.weight': 0.5 } });
  for (const values of metrics) {
    const term = values.get('generator/${name}') ?? NaN;
    const content = values.get('generator/content') ?? NaN;
    const total = values.get('generator/loss') ?? NaN;
    assert.ok(term >= 0);
    assert.ok(Math.abs(total - (content + 0.5 * term)) < 1e-5);
  }
});
`;

const readme = ({ folder, package: npm, name }: PackageNames): string => `# ${npm}

A plugin for [ncn](https://www.npmjs.com/package/ncn).

    npm install ncn ${npm}
    npx ncn --preset conditional_v5 --plugin ${npm} --profile quick

| option         | default | meaning                                |
| -------------- | ------- | -------------------------------------- |
| \`${name}.weight\` | 0.1     | weight in the loss of the main network |

Set it with \`--set ${name}.weight=0.5\`; \`npx ncn config --preset conditional_v5 --plugin ${npm}\`
shows every value and where it comes from.

## Working on it

    npx ncn --preset conditional_v5 --plugin ./${folder} --profile quick   # from the folder above
    npm test                  # the conformance kit of ncn, and a test of its own
    npm install && npx tsc    # types; installs a second ncn here, which runs take no notice of
`;
