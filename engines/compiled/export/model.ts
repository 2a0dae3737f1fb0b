import type { HostTensors, Program, ProgramSignature } from '../../../core/engine/types.js';
import type { Recording } from '../ir/types.js';
import { physicalShape, stateLayout } from '../lower/layout.js';
import { lower } from '../lower/lower.js';
import type { Port } from '../lower/port.js';
import { copyIn } from '../memory-order.js';
import {
  dataTypes,
  modelCodec,
  type TensorMessage,
  type ValueInfoMessage,
} from '../onnx/messages.js';
import { bindState } from '../passes/bind-state.js';
import { record } from '../trace/record.js';
import { generalise, type Sample } from './batch.js';

/** Sizes that hardly occur in a network by themselves; nothing of that size is computed. */
const samples = [1009, 1013] as const;

export interface ExportRequest {
  /** Reads the state and inputs whose first dimension is the batch; changes no state. */
  readonly program: Program;
  readonly state: HostTensors;
  readonly signature: (batch: number) => ProgramSignature;
  /** Names the graph, and whom it comes from. */
  readonly name: string;
  readonly producer: { readonly name: string; readonly version: string };
  readonly description: string;
  /** Key and value pairs for whoever loads the model. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A sample with what comes into it and goes out. */
interface Lowered extends Sample {
  readonly ports: readonly Port[];
}

/**
 * A program with its state as one ONNX model: operator set 17, IR version 8, only operators of the
 * standard domain. Inputs and outputs have the program's names, order and layouts, with an open
 * batch size; what the program does not read is an input all the same. Weights are initializers
 * with the names of the state.
 * @throws NcnError where the program cannot be compiled, or does more than treat examples alike
 */
export function exportModel(request: ExportRequest): Uint8Array {
  const [p, q] = samples.map((batch) => lowered(request, batch));
  if (p === undefined || q === undefined) throw new TypeError('two samples are needed');
  const first = p.ports.find(({ role }) => role === 'input');
  const graph = generalise(p, q, first?.value ?? '');
  const names = new Map(p.ports.map(({ value, name }) => [value, name]));
  const weights = new Map(p.ports.filter(isState).map((port) => [port.value, port]));
  const initializer = [...weights.values()].map((port) => weight(port, request.state));
  return modelCodec.encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    producerName: request.producer.name,
    producerVersion: request.producer.version,
    docString: request.description,
    metadataProps: Object.entries(request.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      ...graph,
      name: request.name,
      node: (graph.node ?? []).map((node) => ({
        ...node,
        input: (node.input ?? []).map((value) => names.get(value) ?? value),
        output: (node.output ?? []).map((value) => names.get(value) ?? value),
      })),
      input: (graph.input ?? [])
        .filter(({ name }) => !weights.has(name ?? ''))
        .map((port) => ({ ...port, name: names.get(port.name ?? '') ?? '' })),
      output: (graph.output ?? []).map((port) => ({
        ...port,
        name: names.get(port.name ?? '') ?? '',
      })),
      initializer: [...(graph.initializer ?? []), ...initializer],
    },
  });
}

function lowered({ program, state, signature }: ExportRequest, batch: number): Lowered {
  const shapes = new Map([...state].map(([name, { shape }]) => [name, shape] as const));
  const { inputs: wanted, ...rest } = signature(batch);
  const recording: Recording = record(program, shapes, { inputs: wanted, ...rest });
  const options = { block: 0, chunk: 0, portable: true };
  const { model, inputs, outputs } = lower(bindState(recording, state), options);
  const graph = modelCodec.decode(model).graph ?? {};
  const read = new Map(inputs.map((port) => [port.value, port]));
  const declared = new Map(graph.input?.map((port) => [port.name, port]));
  const fed = [...wanted].map(([name, shape]) => {
    const value = `input:${name}`;
    const unread: Port = { role: 'input', name, value, shape, physical: shape };
    return { port: read.get(value) ?? unread, info: declared.get(value) ?? valueInfo(unread) };
  });
  const bound = inputs.filter(isState);
  return {
    batch,
    graph: {
      ...graph,
      input: [
        ...fed.map(({ info }) => info),
        ...bound.flatMap(({ value }) => declared.get(value) ?? []),
      ],
    },
    ports: [...fed.map(({ port }) => port), ...bound, ...outputs],
  };
}

/** Declares an input that no operator reads. */
function valueInfo({ value, shape }: Port): ValueInfoMessage {
  const dim = shape.map((dimValue) => ({ dimValue }));
  return {
    name: value,
    type: { tensorType: { elemType: dataTypes.float32, shape: { dim } } },
  };
}

function isState({ role }: Port): boolean {
  return role === 'state';
}

/** In the layout that convolutions read: [out, in, height, width]. */
function weight({ name, shape }: Port, state: HostTensors): TensorMessage {
  const values = state.get(name)?.data ?? new Float32Array();
  const data = new Float32Array(values.length);
  copyIn(values, shape, data);
  return {
    name,
    dims: [...physicalShape(shape, stateLayout)],
    dataType: dataTypes.float32,
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}
