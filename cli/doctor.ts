import '../core/tf.js';
import * as tf from '@tensorflow/tfjs-core';
import { engines } from '../engines/registry.js';
import type { EngineProvider, Program } from '../core/engine/types.js';
import { ExitCode, messageOf } from '../core/errors/error.js';
import { formatSpeed } from '../core/services/format.js';
import { layerWidth } from '../core/trainer/estimate/speed.js';
import { version } from '../core/version.js';
import { openContext, type CommandContext, type GlobalOptions } from './context.js';
import { table } from './table.js';

/** A gradient whose value is known: d/dx Σx² = 2x, through a convolution with the kernel 1. */
const check: Program = {
  name: 'doctor',
  body: ({ inputs }) => {
    const x = inputs.get('x') ?? tf.zeros([1, 2, 2, 1]);
    const loss = (image: tf.Tensor): tf.Scalar =>
      tf.sum(
        tf.square(
          tf.conv2d(tf.reshape<tf.Rank.R4>(image, [1, 2, 2, 1]), tf.ones([1, 1, 1, 1]), 1, 'same'),
        ),
      );
    return { state: new Map(), outputs: new Map([['gradient', tf.grad(loss)(x)]]) };
  },
};

async function examine(
  engine: EngineProvider,
  { speeds }: CommandContext,
): Promise<Record<string, string>> {
  const { name, summary } = engine;
  const state = await engine.probe();
  if (!state.present) return { name, summary, present: 'no', reason: state.reason };
  const session = await engine.open({});
  try {
    const data = Float32Array.of(1, -2, 3, 0.5);
    const outputs = await session.run(
      check,
      new Map([['x', { shape: [1, 2, 2, 1], data }]]),
      new Map(),
    );
    const gradient = (await outputs.read()).get('gradient')?.data ?? new Float32Array();
    const right =
      gradient.length === 4 && gradient.every((g, i) => Math.abs(g - 2 * (data[i] ?? 0)) < 1e-5);
    const speed = await speeds.anew(session, layerWidth);
    const { version: itsVersion, device } = state.description;
    return {
      name,
      summary,
      present: 'yes',
      version: itsVersion,
      device,
      correct: right ? 'yes' : 'NO',
      speed: formatSpeed(speed),
    };
  } finally {
    await session.close();
  }
}

/** `ncn doctor`: every engine: present or why not, version, device, a check, a speed. */
export async function doctorCommand(options: GlobalOptions): Promise<ExitCode> {
  const context = await openContext(options);
  const { terminal } = context;
  const found: Record<string, string>[] = [];
  for (const engine of engines) {
    try {
      found.push(await examine(engine, context));
    } catch (error) {
      found.push({
        name: engine.name,
        summary: engine.summary,
        present: 'broken',
        reason: messageOf(error),
      });
    }
  }
  const rows = found.map((e) => [
    e['name'] ?? '',
    e['present'] ?? '',
    e['correct'] ?? '',
    e['speed'] ?? '',
    e['reason'] ?? `${e['version'] ?? ''}, ${e['device'] ?? ''}`,
  ]);
  const text = `ncn ${version}, Node ${process.version}, ${process.platform} ${process.arch}\n\n${table(['engine', 'present', 'correct', 'speed', ''], rows)}`;
  terminal.result(text, { ncn: version, node: process.version, engines: found });
  return found.some((e) => e['correct'] === 'NO') ? ExitCode.engine : ExitCode.ok;
}
