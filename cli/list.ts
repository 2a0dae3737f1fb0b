import { ExitCode } from '../core/errors/error.js';
import { defaultsOf, unsetValues } from '../core/experiment/explain.js';
import { saveConfig } from '../core/experiment/saved.js';
import { Lifecycle } from '../core/hooks/lifecycle.js';
import type { OpenExperiment } from '../core/open/experiment.js';
import { openIn } from '../core/open/open.js';
import { jsonOf } from '../core/run/json.js';
import { hookOfKind } from '../core/attribution/contributions.js';
import {
  openContext,
  requestOf,
  type CommandContext,
  type ExperimentOptions,
  type GlobalOptions,
} from './context.js';
import { table } from './table.js';

/** `ncn plugins` */
export async function pluginsCommand(options: GlobalOptions): Promise<ExitCode> {
  const { terminal, loader } = await openContext(options);
  const plugins = (await loader.listBuiltIn()).map(({ plugin }) => plugin);
  terminal.result(
    table(
      ['plugin', 'version', ''],
      plugins.map((p) => [p.name, p.version, p.summary]),
    ),
    plugins.map(({ name, version, summary }) => ({ name, version, summary })),
  );
  return ExitCode.ok;
}

export interface ResolveOptions extends ExperimentOptions {
  readonly preset?: string;
}

/** The experiment of a command that only looks. */
export async function resolve(
  context: CommandContext,
  options: ResolveOptions,
): Promise<OpenExperiment> {
  const request = requestOf(options, context, example);
  if (options.preset === undefined && context.configFile?.preset === undefined) {
    context.log.logger.warn(`no preset is named: this is ${example} (--preset NAME shows another)`);
  }
  return openIn(context, request);
}

/** What commands that only look show where no preset is named. */
const example = 'dcnn_v1';

/** `ncn config --preset NAME`: each value, its type and where it comes from. */
export async function configCommand(options: ResolveOptions): Promise<ExitCode> {
  const context = await openContext(options);
  const { resolved: experiment } = await resolve(context, options);
  const defaults = defaultsOf(experiment);
  const rows = experiment.values.map(({ path, value, type, origin, description }) => {
    const fallback = defaults.get(path);
    const differs = JSON.stringify(fallback) !== JSON.stringify(value);
    return [
      path,
      JSON.stringify(value),
      type,
      origin,
      differs && fallback !== undefined ? JSON.stringify(fallback) : '',
      description,
    ];
  });
  const unset = unsetValues(experiment);
  rows.push(
    ...unset.map(({ path, type, origin, description }) => [
      path,
      '',
      type,
      origin,
      '',
      description,
    ]),
  );
  const saved = saveConfig(experiment);
  const values = saved.values.map((v) => ({ ...v, default: defaults.get(v.path) ?? null }));
  context.terminal.result(
    table(['value', '', 'type', 'from', 'default', ''], rows),
    jsonOf({ ...saved, values, unset: unset.map(({ path, type }) => ({ path, type })) }),
  );
  return ExitCode.ok;
}

/** `ncn hooks [--preset NAME]`: every hook, and who taps it in which order. */
export async function hooksCommand(options: ResolveOptions): Promise<ExitCode> {
  const context = await openContext(options);
  const experiment = options.preset === undefined ? undefined : await resolve(context, options);
  const prepared = await experiment?.outline();
  const lifecycle = prepared?.lifecycle ?? new Lifecycle();
  const contributions = prepared?.built.contributions ?? [];
  const hooks = lifecycle.all.map((hook) => ({
    hook: hook.name,
    kind: hook.kind,
    payload: `${hook.name[0]?.toUpperCase() ?? ''}${hook.name.slice(1)}Payload`,
    when: hook.summary,
    taps: hook.effective.map(({ plugin, order }) => ({ plugin, stage: order.stage ?? 'normal' })),
    contributions: contributions
      .filter(({ kind }) => hookOfKind[kind] === hook.name)
      .map((contribution) => ({ ...contribution })),
  }));
  const rows = hooks.map((h) => [
    h.hook,
    h.kind,
    h.when,
    h.taps.map((t) => (t.stage === 'normal' ? t.plugin : `${t.plugin} (${t.stage})`)).join(', '),
  ]);
  const given = contributions.map(({ kind, name, plugin }) => [kind, name, plugin]);
  const more = given.length === 0 ? '' : `\n\n${table(['contributed', '', 'by plugin'], given)}`;
  context.terminal.result(
    `${table(['hook', 'kind', 'fires', 'taps, in order'], rows)}${more}`,
    hooks,
  );
  return ExitCode.ok;
}
