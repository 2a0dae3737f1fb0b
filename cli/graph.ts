import { ExitCode } from '../core/errors/error.js';
import { jsonOf } from '../core/run/json.js';
import { formatCount } from '../core/services/format.js';
import { weightCount } from '../core/step/declare.js';
import { describeLayers } from '../core/step/describe.js';
import type { Contribution } from '../core/attribution/contributions.js';
import { openContext } from './context.js';
import { resolve, type ResolveOptions } from './list.js';
import { table } from './table.js';

/** `ncn graph --preset NAME`: the networks layer by layer, and what trains them. */
export async function graphCommand(options: ResolveOptions): Promise<ExitCode> {
  const context = await openContext(options);
  const experiment = await resolve(context, options);
  const { built } = await experiment.outline();
  const { networks, blueprint, steps, contributions } = built;
  const by = (kind: Contribution['kind'], name: string): string =>
    contributions.findLast((c) => c.kind === kind && c.name === name)?.plugin ?? '';
  const drawn = [...networks].map(([name, network]) => ({
    network: name,
    plugin: by('network', name),
    main: name === blueprint.main,
    inputs: [...network.inputShapes].map(([role, shape]) => ({ role, shape })),
    output: network.outputShape,
    weights: weightCount(network),
    multiplyAdds: network.multiplyAdds,
    optimizer: { name: blueprint.optimizers.get(name)?.name ?? '', plugin: by('optimizer', name) },
    losses: blueprint.losses
      .filter((term) => term.network === name)
      .map((term) => ({
        name: term.name,
        weight: term.weight(1),
        plugin: by('loss', `${name}/${term.name}`),
      })),
    layers: describeLayers(network),
  }));
  const phases = steps.map(({ phase }) => ({ ...phase, plugin: by('phase', phase.name) }));
  const others = contributions.filter(
    ({ kind }) => !['network', 'loss', 'optimizer', 'phase'].includes(kind),
  );
  const text = [
    ...drawn.map(drawNetwork),
    ...phases.map(
      ({ name, updates, order, plugin }) =>
        `phase ${name} (plugin ${plugin}): ${formatCount(updates)} updates: ${order.map((u) => `${u.network} on batch ${u.batch + 1}`).join(', then ')}`,
    ),
    ...others.map(({ kind, name, plugin }) => `${kind} ${name} (plugin ${plugin})`),
  ];
  context.terminal.result(text.join('\n'), jsonOf({ networks: drawn, phases, others }));
  return ExitCode.ok;
}

interface DrawnNetwork {
  readonly network: string;
  readonly plugin: string;
  readonly inputs: readonly { role: string; shape: readonly number[] }[];
  readonly output: readonly number[];
  readonly weights: number;
  readonly multiplyAdds: number;
  readonly optimizer: { readonly name: string; readonly plugin: string };
  readonly losses: readonly { name: string; weight: number; plugin: string }[];
  readonly layers: ReturnType<typeof describeLayers>;
}

const size = (shape: readonly number[]): string => shape.join('×');

function drawNetwork(drawn: DrawnNetwork): string {
  const rows = drawn.layers.map((layer) => [
    `  ${layer.name}`,
    layer.kind,
    size(layer.input),
    size(layer.output),
    formatCount(layer.weights),
  ]);
  const inputs = drawn.inputs.map(({ role, shape }) => `${role} ${size(shape)}`).join(', ');
  return [
    `${drawn.network} (plugin ${drawn.plugin}): ${inputs} → ${size(drawn.output)}; ${formatCount(drawn.weights)} weights, ${formatCount(Math.round(drawn.multiplyAdds / 1e6))} M multiply-adds an example`,
    table(['  layer', '', 'input', 'output', 'weights'], rows),
    ...drawn.losses.map(
      ({ name, weight, plugin }) => `  minimises ${weight} × ${name} (plugin ${plugin})`,
    ),
    `  with ${drawn.optimizer.name} (plugin ${drawn.optimizer.plugin})`,
    '',
  ].join('\n');
}
