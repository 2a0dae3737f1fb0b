import { ExitCode } from '../core/errors/error.js';
import { explainValues, type Explanation } from '../core/experiment/explain.js';
import { jsonOf } from '../core/run/json.js';
import { configure, setUp } from '../core/trainer/build/prepare.js';
import { openContext } from './context.js';
import { resolve, type ResolveOptions } from './list.js';

/** `ncn explain PATH`: where a value comes from, and who reads it. */
export async function explainCommand(options: ResolveOptions, path: string): Promise<ExitCode> {
  const context = await openContext(options);
  const { resolved: experiment } = await resolve(context, options);
  const explained = explainValues(experiment, path);
  const { lifecycle } = setUp(experiment, context);
  const asked = new Map<string, Set<string>>();
  await configure(experiment, lifecycle, [], (read) => {
    const readers = asked.get(read) ?? new Set();
    asked.set(read, readers.add(lifecycle.running ?? 'the core'));
  });
  const found = explained.map((value) => ({
    ...value,
    value: value.value ?? null,
    default: value.default ?? null,
    readBy: [...new Set([value.owner ?? 'the core', ...(asked.get(value.path) ?? [])])],
  }));
  const text = explained.map((value, i) => describe(value, found[i]?.readBy ?? []));
  context.terminal.result(text.join('\n\n'), jsonOf(found));
  return ExitCode.ok;
}

function describe(value: Explanation, readers: readonly string[]): string {
  const { path, type, description, layers, owner } = value;
  const show = (json: unknown): string => JSON.stringify(json);
  const fallback =
    value.default === undefined
      ? value.required
        ? 'none: it must be given'
        : 'none'
      : show(value.default);
  const steps = [
    `  default${owner === undefined ? '' : ` of plugin ${owner}`}: ${fallback}`,
    ...layers.map(
      (set) => `  ${set.origin}: ${set.path === path ? '' : `${set.path} = `}${show(set.value)}`,
    ),
  ];
  return [
    `${path} = ${value.value === undefined ? 'not set' : show(value.value)} (${type})`,
    ...(description === '' ? [] : [`  ${description}`]),
    'set by, each on top of those above it:',
    ...steps.map((step, i) => (i === steps.length - 1 ? `${step}   ← this one counts` : step)),
    `read by: ${readers.map((name) => (name === 'the core' ? name : `plugin ${name}`)).join(', ')}`,
  ].join('\n');
}
