import { batchDependent } from '../../errors/export.js';
import { at } from '../ir/shape.js';
import {
  attributeTypes,
  dataTypes,
  type GraphMessage as Graph,
  type NodeMessage as Node,
  type TensorMessage as Tensor,
  type ValueInfoMessage as Port,
} from '../onnx/messages.js';

/** Name of the open dimension. */
const batch = 'batch';

/** One graph, lowered for a certain batch size. */
export interface Sample {
  readonly batch: number;
  readonly graph: Graph;
}

/**
 * One graph for every batch size from two that differ only in numbers: what is a multiple of the
 * batch size in both becomes that multiple of the size that the input has.
 * @param input whose first dimension is the batch
 * @throws NcnError where the two differ in more than that
 */
export function generalise(p: Sample, q: Sample, input: string): Graph {
  const [nodes, others] = [p.graph.node ?? [], q.graph.node ?? []];
  const same = nodes.map(signature).join('\n') === others.map(signature).join('\n');
  if (!same || nodes.length !== others.length) throw batchDependent('its operations');
  const made: Node[] = [];
  const constants: Tensor[] = [];
  const open = new Map<string, string>();
  const sizes = new Sizes(input, made, constants);
  const theirs = new Map((q.graph.initializer ?? []).map((t) => [t.name ?? '', t]));
  const initializer = (p.graph.initializer ?? []).flatMap((mine) => {
    const other = theirs.get(mine.name ?? '');
    if (other === undefined) throw batchDependent('its constants');
    if (sameTensor(mine, other)) return [mine];
    const list = multiples(p.batch, q.batch, mine, other);
    const users = nodes.filter((node) => node.input?.includes(mine.name ?? ''));
    // Reshape finds one dimension by itself.
    const inferred = list.filter((entry) => typeof entry !== 'number').length === 1;
    if (inferred && users.every((node) => node.opType === 'Reshape')) {
      return [
        integers(
          mine.name ?? '',
          list.map((entry) => (typeof entry === 'number' ? entry : -1)),
        ),
      ];
    }
    open.set(mine.name ?? '', sizes.list(list));
    return [];
  });
  const node = nodes.map((n) => ({ ...n, input: (n.input ?? []).map((i) => open.get(i) ?? i) }));
  return {
    ...p.graph,
    node: [...made, ...node],
    initializer: [...initializer, ...constants],
    input: ports(p.graph.input, q.graph.input, q.batch),
    output: ports(p.graph.output, q.graph.output, q.batch),
  };
}

/** A number, or how often the batch size. */
type Entry = number | { readonly times: number };

/** Nodes that compute lists of numbers from the batch size, each list once. */
class Sizes {
  private readonly known = new Map<string, string>();

  constructor(
    private readonly input: string,
    private readonly nodes: Node[],
    private readonly constants: Tensor[],
  ) {}

  list(entries: readonly Entry[]): string {
    return this.once(entries.map(text).join('_'), (name) => {
      const parts = entries.map((entry) =>
        typeof entry === 'number' ? this.constant(entry) : this.multiple(entry.times),
      );
      this.add('Concat', parts, name, { axis: 0 });
    });
  }

  private multiple(times: number): string {
    const size = this.once('1x', (name) => {
      const shape = this.once('shape', (whole) => this.add('Shape', [this.input], whole));
      this.add('Gather', [shape, this.constant(0)], name, { axis: 0 });
    });
    if (times === 1) return size;
    return this.once(`${times}x`, (name) => this.add('Mul', [size, this.constant(times)], name));
  }

  private constant(value: number): string {
    return this.once(String(value), (name) => this.constants.push(integers(name, [value])));
  }

  private once(key: string, make: (name: string) => void): string {
    const name = `size_${key}`;
    if (!this.known.has(key)) {
      this.known.set(key, name);
      make(name);
    }
    return name;
  }

  private add(
    opType: string,
    input: string[],
    output: string,
    attributes: Record<string, number> = {},
  ): void {
    const attribute = Object.entries(attributes).map(([name, i]) => ({
      name,
      i,
      type: attributeTypes.int,
    }));
    this.nodes.push({ name: output, opType, input, output: [output], attribute });
  }
}

function text(entry: Entry): string {
  return typeof entry === 'number' ? String(entry) : `${entry.times}x`;
}

function integers(name: string, values: readonly number[]): Tensor {
  const raw = BigInt64Array.from(values, BigInt);
  return {
    name,
    dims: [values.length],
    dataType: dataTypes.int64,
    rawData: new Uint8Array(raw.buffer),
  };
}

/** What must not depend on the batch size. Constants have their own names in each graph. */
function signature(node: Node): string {
  return JSON.stringify([node.opType, node.domain, node.input, node.output, node.attribute]);
}

function sameTensor(p: Tensor, q: Tensor): boolean {
  const bytes = (t: Tensor): Buffer => Buffer.from(t.rawData ?? []);
  return String(p.dims) === String(q.dims) && bytes(p).equals(bytes(q));
}

function multiples(p: number, q: number, a: Tensor, b: Tensor): Entry[] {
  if (a.dataType !== dataTypes.int64 || String(a.dims) !== String(b.dims) || a.dims?.length !== 1) {
    throw batchDependent(`a constant of ${String(a.dims)} values`);
  }
  const [mine, theirs] = [a, b].map(numbersOf);
  return (mine ?? []).map((value, i) => {
    const other = at(theirs ?? [], i);
    if (value === other) return value;
    if (value % p === 0 && value / p === other / q) return { times: value / p };
    throw batchDependent(`the number ${value} (${other} for a batch of ${q})`);
  });
}

function numbersOf({ rawData }: Tensor): number[] {
  const bytes = Uint8Array.from(rawData ?? []);
  return [...new BigInt64Array(bytes.buffer)].map(Number);
}

function ports(
  mine: readonly Port[] | undefined,
  theirs: readonly Port[] | undefined,
  theirBatch: number,
): Port[] {
  return (mine ?? []).map((port, i) => {
    const tensorType = port.type?.tensorType;
    const other = theirs?.[i]?.type?.tensorType?.shape?.dim ?? [];
    const dim = (tensorType?.shape?.dim ?? []).map((side, k) => {
      const value = Number(other[k]?.dimValue);
      if (value === Number(side.dimValue)) return side;
      if (value === theirBatch) return { dimParam: batch };
      throw batchDependent(`the shape of '${port.name ?? ''}'`);
    });
    return { name: port.name ?? '', type: { tensorType: { ...tensorType, shape: { dim } } } };
  });
}
