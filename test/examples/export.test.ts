import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inHost } from '../e2e/host.js';
import { temporary } from '../e2e/support.js';
import { presetFile } from './preset-checks.js';
import { modelCodec, type ValueInfoMessage } from '../../engines/compiled/onnx/messages.js';

type Port = ValueInfoMessage;

const sides = ({ type }: Port): unknown[] =>
  (type?.tensorType?.shape?.dim ?? []).map((d) => d.dimParam || Number(d.dimValue));

const portsOf = (ports: readonly Port[] | undefined): Record<string, unknown[]> =>
  Object.fromEntries((ports ?? []).map((port) => [port.name ?? '', sides(port)]));

test.each([
  ['waves', ['batch', 256, 1]],
  ['rgb', ['batch', 32, 32, 3]],
])('the network of the example %s is exported by its command', async (name, shape) => {
  const run = join(temporary(), 'run');
  const trained = await inHost(
    [
      ...['run', '--preset', presetFile(name), '--run-dir', run, '--engine', 'wasm'],
      ...['--updates', '2', '--batch', '2', '--quiet', '--set', 'evaluation.testExamples=4'],
    ],
    temporary(),
  );
  expect(trained.code, trained.stderr).toBe(0);
  const file = join(temporary(), 'model.onnx');
  const exported = await inHost(['export', run, '--format', 'onnx-whole', '--output', file]);
  expect(exported.code, exported.stderr).toBe(0);
  const { graph } = modelCodec.decode(readFileSync(file));
  expect(portsOf(graph?.input)).toEqual({ input: shape, reference: shape });
  expect(portsOf(graph?.output)).toEqual({ output: shape });
});
