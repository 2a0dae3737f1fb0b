import type { Plugin } from '../../core/plugins/plugin.js';
import { checkDeterminism } from './checks/determinism.js';
import { checkEngines } from './checks/engines.js';
import { checkLength } from './checks/length.js';
import { checkOptions } from './checks/options.js';
import { checkResume } from './checks/resume.js';
import { checkTensors } from './checks/tensors.js';
import { checkUnload } from './checks/unload.js';
import { observedRun, type ObservedRun } from './checks/observe.js';
import type { TinyExperiment } from './prepare.js';

/** Plugins under test, and the tiny experiment in which they are tested. */
export interface Subject {
  readonly plugins: readonly Plugin[];
  /** Of all of them, for people. */
  readonly name: string;
  readonly experiment: TinyExperiment;
  /** Two equal runs, made when they are first asked for. The second starts after the first. */
  readonly first: () => Promise<ObservedRun>;
  readonly second: () => Promise<ObservedRun>;
  /** Six updates on the engine `wasm`, which runs the step's functions at each of them. */
  readonly eager: () => Promise<ObservedRun>;
}

export interface ConformanceCheck {
  readonly name: string;
  /** @throws NcnError `NCN_CONFORMANCE`, or `NCN_CONFORMANCE_LONG` for an experiment that is not tiny */
  readonly run: () => Promise<void>;
}

const checks: readonly (readonly [name: string, run: (subject: Subject) => Promise<void>])[] = [
  ['its options and state are plain data', checkOptions],
  ['equal runs give equal results', checkDeterminism],
  ['a run that was stopped and resumed equals one that was not', checkResume],
  ['no tensor leaks', checkTensors],
  ['it runs on every engine that is present', checkEngines],
  ['nothing stays behind when the run ends', checkUnload],
];

/**
 * The checks that every plugin should pass, for any test runner:
 * `for (const check of conformance(plugin)) test(check.name, check.run)`.
 * Each makes a few real runs on tiny data.
 * @param experiment where it is tested: by default the preset `tiny`, a plain network. A plugin
 *   that needs a discriminator takes `{ preset: 'tiny-gan' }`; one that brings a generator leaves
 *   out the preset's: `{ without: ['generator.resconvnet'] }`.
 * @param plugin several, which work together, may share the runs
 */
export function conformance(
  plugin: Plugin | readonly Plugin[],
  experiment: TinyExperiment = {},
): ConformanceCheck[] {
  const plugins = [plugin].flat();
  const whole = { ...experiment, plugins: [...(experiment.plugins ?? []), ...plugins] };
  let one: Promise<ObservedRun> | undefined;
  let two: Promise<ObservedRun> | undefined;
  const first = (): Promise<ObservedRun> => (one ??= observedRun(whole));
  const second = (): Promise<ObservedRun> => (two ??= first().then(() => observedRun(whole)));
  let plain: Promise<ObservedRun> | undefined;
  const eager = (): Promise<ObservedRun> =>
    (plain ??= observedRun({ ...whole, engine: 'wasm', updates: 6 }));
  const name = plugins.map((one) => one.name).join(', ');
  const subject: Subject = { plugins, name, experiment: whole, first, second, eager };
  let short: Promise<void> | undefined;
  return checks.map(([name, run]) => ({
    name,
    run: () => (short ??= checkLength(subject)).then(() => run(subject)),
  }));
}
