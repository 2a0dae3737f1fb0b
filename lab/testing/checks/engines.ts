import { engines } from '../../../engines/registry.js';
import { messageOf } from '../../../core/errors/error.js';
import { notConforming } from '../../errors/conformance.js';
import type { Metrics } from '../../../core/hooks/payloads.js';
import type { Subject } from '../conformance.js';
import { tinyRun } from '../run.js';

const check = 'it runs on every engine that is present';
/** Relative to the larger of the value and 1. Engines add in different orders. */
const tolerance = 1e-3;

/** Two updates on every engine; what the first reports must agree with the
 * plain `cpu` engine. */
export async function checkEngines(subject: Subject): Promise<void> {
  const { name: plugin, eager } = subject;
  const reference = await runOn('cpu', subject);
  for (const engine of engines) {
    const { name } = engine;
    if (name === 'cpu' || !(await engine.probe()).present) continue;
    const metrics =
      name === 'wasm'
        ? (await eager()).run.metrics.slice(0, reference.length)
        : await runOn(name, subject);
    const problem = disagreement(reference, metrics);
    if (problem === undefined) continue;
    throw notConforming(
      plugin,
      check,
      `on the engine '${name}', ${problem}.`,
      'A contributed function may depend on its arguments only: an engine may record it once and never call it again.',
    );
  }
}

async function runOn(engine: string, { name, experiment }: Subject): Promise<readonly Metrics[]> {
  try {
    return (await tinyRun({ ...experiment, updates: 2, engine })).metrics;
  } catch (error) {
    throw notConforming(
      name,
      check,
      `the engine '${engine}' failed: ${messageOf(error)}`,
      'docs/engines.md says which operations an engine supports.',
      error,
    );
  }
}

function disagreement(
  reference: readonly Metrics[],
  metrics: readonly Metrics[],
): string | undefined {
  for (const [i, values] of reference.entries()) {
    for (const [name, value] of values) {
      const other = metrics[i]?.get(name) ?? NaN;
      if (!Number.isFinite(other)) return `'${name}' of update ${i + 1} is ${other}`;
      // From the second update on, a difference in the last bit may have grown.
      if (i > 0 || Math.abs(other - value) <= tolerance * Math.max(1, Math.abs(value))) continue;
      return `'${name}' of update ${i + 1} is ${other}; ${value} was expected`;
    }
  }
  return undefined;
}
