import type { ElementType, Values } from '../ir/types.js';
import { encodeAttribute, type Attributes } from './attributes.js';
import {
  dataTypes,
  modelCodec,
  type GraphMessage,
  type TensorMessage,
  type ValueInfoMessage,
} from './messages.js';

/** Names of values are strings, as in ONNX; the empty one is an omitted optional input. */
export type Value = string;

export const domains = {
  standard: '',
  blocked: 'com.microsoft.nchwc',
  contributed: 'com.microsoft',
} as const;

interface OnnxNode {
  readonly operator: string;
  readonly domain: string;
  inputs: Value[];
  outputs: Value[];
  readonly attributes: Attributes;
}

interface Port {
  readonly name: Value;
  /** A name stands for a side that is not known. */
  readonly shape: readonly (number | string)[];
  readonly dtype: ElementType;
}

/** An ONNX graph under construction. Operator set 17. */
export class OnnxGraph {
  readonly inputs: Port[] = [];
  readonly outputs: Port[] = [];
  private readonly nodes: OnnxNode[] = [];
  private readonly initializers: TensorMessage[] = [];
  private readonly constants = new Map<string, Value>();
  private readonly renamed = new Map<Value, Value>();
  private readonly produced = new Set<Value>();
  private count = 0;

  /**
   * @param prefix of the names of values; a body inside another graph needs its own
   * @param outer the graph whose values a body may use too
   * @param portable prefers one standard operator to several that are faster on the CPU
   */
  constructor(
    private readonly prefix = '',
    private readonly outer?: OnnxGraph,
    readonly portable: boolean = outer?.portable ?? false,
  ) {}

  get size(): number {
    return this.nodes.length;
  }

  /** @param shape a name stands for a side that is known only at runtime */
  input(name: Value, shape: readonly (number | string)[], dtype: ElementType = 'float32'): Value {
    this.inputs.push({ name, shape, dtype });
    return name;
  }

  /** Adds a node with one output. */
  op(
    operator: string,
    inputs: readonly Value[],
    attributes: Attributes = {},
    domain: string = domains.standard,
  ): Value {
    const output = this.fresh(operator);
    this.add(operator, inputs, [output], attributes, domain);
    return output;
  }

  /** Adds a node with several outputs. */
  ops(
    operator: string,
    inputs: readonly Value[],
    outputs: number,
    attributes: Attributes = {},
  ): Value[] {
    const names = Array.from({ length: outputs }, () => this.fresh(operator));
    this.add(operator, inputs, names, attributes, domains.standard);
    return names;
  }

  /** Adds a node whose outputs have these names. */
  named(
    operator: string,
    inputs: readonly Value[],
    outputs: readonly Value[],
    attributes: Attributes = {},
  ): void {
    this.add(operator, inputs, outputs, attributes, domains.standard);
  }

  /** What is added meanwhile comes before all other nodes. */
  atBeginning(add: () => void): void {
    const others = this.nodes.splice(0);
    add();
    this.nodes.push(...others);
  }

  /** Makes a value an output of the graph, under this name. */
  output(value: Value, name: Value, shape: readonly number[], dtype: ElementType): void {
    if (this.produced.has(value) && !this.renamed.has(value)) {
      this.renamed.set(value, name);
    } else {
      this.add('Identity', [value], [name], {}, domains.standard);
    }
    this.outputs.push({ name, shape, dtype });
  }

  /** Makes a value an output without giving it another name. */
  expose(value: Value, shape: readonly number[]): void {
    this.outputs.push({ name: value, shape, dtype: 'float32' });
  }

  /** Makes a value of rank 4 an output whose shape only the runtime knows. */
  exposeUnknown(value: Value): void {
    this.outputs.push({ name: value, shape: ['a', 'b', 'c', 'd'], dtype: 'float32' });
  }

  scalar(value: number, dtype: ElementType = 'float32'): Value {
    return this.tensor(typedScalar(value, dtype), [], dtype);
  }

  tensor(values: Values, shape: readonly number[], dtype: ElementType): Value {
    const small = values.length <= 64;
    const key = `${dtype}[${shape.join()}]${small ? values.join() : ''}`;
    const negative = values.some((v) => Object.is(v, -0));
    return this.constant(small && !negative ? key : undefined, shape, dataTypes[dtype], values);
  }

  /** A list of 64-bit integers: shapes, axes, indices. */
  integers(list: readonly number[], shape: readonly number[] = [list.length]): Value {
    const values = BigInt64Array.from(list, BigInt);
    const key = list.length <= 64 ? `i64[${shape.join()}]${list.join()}` : undefined;
    return this.constant(key, shape, dataTypes.int64, values);
  }

  /** The model as ONNX's binary format. @param graph what `toProto` gives */
  encode(graph: GraphMessage = this.toProto('step')): Uint8Array {
    const opsetImport = [
      { domain: domains.standard, version: 17 },
      { domain: domains.blocked, version: 1 },
      { domain: domains.contributed, version: 1 },
    ];
    return modelCodec.encode({ irVersion: 8, opsetImport, graph });
  }

  toProto(name: string): GraphMessage {
    return {
      name,
      node: this.nodes.map((node, i) => ({
        name: `${this.prefix}${i}_${node.operator}`,
        opType: node.operator,
        domain: node.domain,
        input: node.inputs.map((value) => this.finalName(value)),
        output: node.outputs.map((value) => this.finalName(value)),
        attribute: Object.entries(node.attributes).map(([key, a]) => encodeAttribute(key, a)),
      })),
      input: this.inputs.map(encodePort),
      output: this.outputs.map(encodePort),
      initializer: this.initializers,
    };
  }

  private finalName(value: Value): Value {
    return this.renamed.get(value) ?? this.outer?.finalName(value) ?? value;
  }

  /** A name that nothing has yet. */
  fresh(operator: string): Value {
    return `${this.prefix}v${this.count++}_${operator}`;
  }

  private add(
    operator: string,
    inputs: readonly Value[],
    outputs: readonly Value[],
    attributes: Attributes,
    domain: string,
  ): void {
    for (const output of outputs) this.produced.add(output);
    this.nodes.push({ operator, domain, inputs: [...inputs], outputs: [...outputs], attributes });
  }

  private constant(
    key: string | undefined,
    dims: readonly number[],
    dataType: number,
    values: Values | BigInt64Array,
  ): Value {
    const known = key === undefined ? undefined : this.constants.get(key);
    if (known !== undefined) return known;
    const name = `${this.prefix}c${this.count++}`;
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.initializers.push({ name, dims: [...dims], dataType, rawData });
    if (key !== undefined) this.constants.set(key, name);
    return name;
  }
}

function typedScalar(value: number, dtype: ElementType): Values {
  if (dtype === 'float32') return Float32Array.of(value);
  return dtype === 'int32' ? Int32Array.of(value) : Uint8Array.of(value);
}

function encodePort({ name, shape, dtype }: Port): ValueInfoMessage {
  const dim = shape.map((side) =>
    typeof side === 'string' ? { dimParam: side } : { dimValue: side },
  );
  return { name, type: { tensorType: { elemType: dataTypes[dtype], shape: { dim } } } };
}
