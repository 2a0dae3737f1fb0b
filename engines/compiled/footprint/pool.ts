import { range } from '../ir/shape.js';
import { dataTypes, type GraphMessage, type ValueInfoMessage } from '../onnx/messages.js';
import { Arena } from './arena.js';
import { executionOrder, takenFromOutside } from './order.js';
import { bytesIn, outputsOf, type Known } from './sizes.js';

/** Operators whose result is their input's memory, seen otherwise. */
const views: ReadonlySet<string> = new Set(['Reshape', 'Identity']);

type Shapes = ReadonlyMap<string, readonly number[]>;

/** By name, what is known of a graph's values, and of those of the graph around it. */
class Values {
  private readonly own = new Map<string, Known>();

  constructor(private readonly around?: Values) {}

  set(name: string, known: Known): void {
    this.own.set(name, known);
  }

  get(name: string): Known {
    return this.own.get(name) ?? this.around?.get(name) ?? unknown;
  }
}

const unknown: Known = { shape: [], type: dataTypes.float32 };

/** One node: the memory that it takes, what goes on inside it, and the memory not needed after it. */
interface Step {
  readonly takes: readonly { readonly name: string; readonly bytes: number }[];
  readonly inside: readonly Step[];
  readonly givesBack: readonly string[];
}

/**
 * Bytes of the library's pool of memory that running a graph takes: its values, each from where it
 * is computed until it was last used, in the library's order.
 * @param inputs shapes in memory of inputs of which the graph does not tell them
 */
export function poolOf(graph: GraphMessage, inputs: Shapes): number {
  const steps = stepsOf(graph, given(graph, inputs));
  const arena = new Arena();
  // What the first run leaves behind is what the second finds.
  run(steps, arena);
  run(steps, arena);
  return arena.taken;
}

/** What is known of every value of a graph. */
export function valuesOf(graph: GraphMessage, inputs: Shapes): (name: string) => Known {
  const values = given(graph, inputs);
  stepsOf(graph, values);
  return (name) => values.get(name);
}

function run(steps: readonly Step[], arena: Arena): void {
  for (const { takes, inside, givesBack } of steps) {
    for (const { name, bytes } of takes) arena.take(name, bytes);
    run(inside, arena);
    for (const name of givesBack) arena.giveBack(name);
  }
}

/** A graph's nodes in their order. What is known of their values is added to those given. */
function stepsOf(graph: GraphMessage, values: Values): Step[] {
  const order = executionOrder(graph);
  const owners = new Map<string, string>();
  const ownerOf = (name: string): string => owners.get(name) ?? name;
  const ours = new Set((graph.output ?? []).map(({ name = '' }) => name));
  for (const { opType = '', input = [], output = [] } of order) {
    const [source = ''] = input;
    const [result = ''] = output;
    // A value that leaves the graph lies in memory of the caller's.
    if (views.has(opType) && !ours.has(result)) owners.set(result, ownerOf(source));
  }
  const taken = order.map(({ input = [], attribute = [] }) => [
    ...input,
    ...attribute.flatMap(({ g }) => (g === undefined ? [] : takenFromOutside(g))),
  ]);
  const last = new Map<string, number>();
  taken.forEach((names, i) => {
    for (const name of names) last.set(ownerOf(name), i);
  });
  return order.map((node, i) => {
    const inputs = (node.input ?? []).map((name) => values.get(name));
    const body = node.attribute?.find(({ g }) => g !== undefined)?.g;
    const { made, inside } =
      body === undefined
        ? { made: outputsOf(node, inputs), inside: [] }
        : scan(body, inputs, values);
    const outputs = node.output ?? [];
    outputs.forEach((name, j) => {
      values.set(name, made[j] ?? unknown);
    });
    const owned = outputs.filter((name) => !owners.has(name) && !ours.has(name));
    const touched = new Set([...(taken[i] ?? []), ...outputs].map(ownerOf));
    return {
      takes: owned.map((name) => ({ name, bytes: bytesIn(values.get(name)) })),
      inside,
      givesBack: [...touched].filter((name) => (last.get(name) ?? i) <= i),
    };
  });
}

/** One round of a scan, which sees slices of what is scanned, and what it gives over all of them. */
function scan(
  body: GraphMessage,
  scanned: readonly Known[],
  around: Values,
): { made: Known[]; inside: Step[] } {
  const values = new Values(around);
  addConstants(values, body);
  (body.input ?? []).forEach(({ name = '' }, i) => {
    const { shape, type } = scanned[i] ?? unknown;
    values.set(name, { shape: shape.slice(1), type });
  });
  const inside = stepsOf(body, values);
  const rounds = scanned[0]?.shape[0] ?? 1;
  const made = (body.output ?? []).map(({ name = '' }) => {
    const { shape, type } = values.get(name);
    return { shape: [rounds, ...shape], type };
  });
  return { made, inside };
}

/** Constants and inputs. */
function given(graph: GraphMessage, inputs: Shapes): Values {
  const values = new Values();
  addConstants(values, graph);
  for (const port of graph.input ?? []) {
    const { name = '' } = port;
    values.set(name, { shape: inputs.get(name) ?? shapeOf(port), type: typeOf(port) });
  }
  return values;
}

function addConstants(values: Values, { initializer = [] }: GraphMessage): void {
  for (const { name = '', dims = [], dataType = dataTypes.float32, rawData } of initializer) {
    const list = dataType === dataTypes.int64 && rawData !== undefined;
    const known: Known = { shape: dims, type: dataType };
    values.set(name, list ? { ...known, integers: numbersIn(rawData) } : known);
  }
}

function numbersIn({ buffer, byteOffset, byteLength }: Uint8Array): number[] {
  const view = new DataView(buffer, byteOffset, byteLength);
  return range(byteLength / 8).map((i) => Number(view.getBigInt64(8 * i, true)));
}

function shapeOf({ type }: ValueInfoMessage): number[] {
  return (type?.tensorType?.shape?.dim ?? []).map(({ dimValue = 1 }) => dimValue);
}

const typeOf = ({ type }: ValueInfoMessage): number =>
  type?.tensorType?.elemType ?? dataTypes.float32;
