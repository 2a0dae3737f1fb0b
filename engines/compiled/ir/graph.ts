import { createHash } from 'node:crypto';
import type { ElementType, Node, Operation, Values } from './types.js';

/**
 * The nodes recorded so far. Asking twice for the same operation on the same inputs gives the
 * same node (common-subexpression elimination).
 */
export class Graph {
  readonly nodes: Node[] = [];
  private readonly known = new Map<string, Node>();

  /**
   * @param source says which tf.js operation is running, for messages
   * @param contributor says which plugin's code is running
   * @param scope says which part of the step is running
   */
  constructor(
    private readonly source: () => string = () => '',
    private readonly contributor: () => string | undefined = () => undefined,
    private readonly scope: () => string = () => '',
  ) {}

  add(op: Operation, inputs: readonly Node[], shape: readonly number[], dtype: ElementType): Node {
    const ids = inputs.map((node) => node.id).join();
    const key = `${describe(op)}(${ids})${dtype}[${shape.join()}]`;
    const same = this.known.get(key);
    if (same !== undefined) return same;
    const node: Node = {
      id: this.nodes.length,
      op,
      inputs,
      shape: [...shape],
      dtype,
      key,
      source: this.source(),
      contributor: this.contributor(),
      scope: this.scope(),
    };
    this.nodes.push(node);
    this.known.set(key, node);
    return node;
  }

  has(node: Node): boolean {
    return this.nodes[node.id] === node;
  }

  constant(values: Values, shape: readonly number[], dtype: ElementType): Node {
    const first = values[0];
    if (first !== undefined && values.every((value) => Object.is(value, first))) {
      return this.splat(first, shape, dtype);
    }
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const key = createHash('sha1').update(bytes).digest('base64');
    return this.add({ kind: 'constant', values, key }, [], shape, dtype);
  }

  splat(value: number, shape: readonly number[], dtype: ElementType = 'float32'): Node {
    const rounded = dtype === 'float32' ? Math.fround(value) : Math.trunc(value);
    return this.add({ kind: 'splat', value: rounded }, [], shape, dtype);
  }
}

/** The value of a constant whose values are all the same. */
export function splatOf(node: Node): number | undefined {
  return node.op.kind === 'splat' ? node.op.value : undefined;
}

function describe(op: Operation): string {
  if (op.kind === 'constant') return `constant:${op.key}`;
  // JSON knows neither infinities nor NaN.
  return JSON.stringify(op, (_, value: unknown) =>
    typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
      ? `#${Object.is(value, -0) ? '-0' : value}`
      : value,
  );
}
