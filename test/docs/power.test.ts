import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fences } from '../../docs/build/fences.js';
import type { JsonValue } from '../../core/run/json.js';
import { prepareTiny, trainTiny } from '../support/tiny.js';
import { read } from './documents.js';

/** The loss term that docs/power.md prints, as a plugin. */
function printedR1(): string {
  const found = fences(read('docs/power.md')).find(({ code }) =>
    code.includes('const r1: LossTerm'),
  );
  const file = join(mkdtempSync(join(tmpdir(), 'ncn-r1-')), 'r1.ts');
  const plugin = `export default definePlugin({
    name: 'printed.r1', version: '1.0.0', summary: 'R1', options: z.strictObject({}),
    setup({ hooks }) { hooks.losses.tap(({ add }) => { add(r1); }); },
  });`;
  writeFileSync(file, `import { definePlugin, z } from 'ncn';\n${found?.code ?? ''}\n${plugin}\n`);
  return file;
}

type Values = Readonly<Record<string, JsonValue>>;

const patch = (norm: string): Values => ({
  'discriminator.patch.width': 2,
  'discriminator.patch.norm': norm,
  'discriminator.patch.output': 'linear',
});
const kind = (name: string): Values => ({ 'loss.adversarial.kind': name });
const conditional = { 'discriminator.conditional.output': 'linear' };

test.each<[preset: string, plugins: readonly string[], values: Values]>([
  ['conditional_v1', [], {}],
  ['dcgans_v3', [], {}],
  ['conditional_v4', [], {}],
  ['tiny-gan', [], { ...kind('least-squares'), ...conditional }],
  ['tiny-gan', [], { ...kind('relativistic'), ...conditional }],
  ['tiny-gan', ['discriminator.patch'], { ...kind('hinge'), ...patch('instance') }],
  ['tiny-gan', ['discriminator.patch'], { ...kind('wasserstein'), ...patch('spectral') }],
  [
    'tiny-gan',
    ['discriminator.spectral', 'generator.unet', 'ema'],
    {
      'discriminator.spectral.width': 2,
      'generator.unet.width': 2,
      'generator.unet.attention': true,
    },
  ],
])('R1 as it is printed trains in %s with %j and %j', async (preset, plugins, values) => {
  const prepared = await prepareTiny(preset, values, [...plugins, printedR1()]);
  const { metrics, session } = await trainTiny(prepared, 'cpu', 1);
  await session.close();
  expect(metrics[0]?.get('discriminator/r1')).toBeGreaterThan(0);
  for (const [name, value] of metrics[0] ?? []) expect(Number.isFinite(value), name).toBe(true);
});
