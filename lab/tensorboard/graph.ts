import type { RecordedOperation } from '../../core/engine/types.js';
import type { AttributeMessage, GraphMessage } from './messages.js';

/** What TensorBoard draws in a way of its own, by the kinds of a recorded step. */
const known: Readonly<Record<string, string>> = {
  state: 'VariableV2',
  input: 'Placeholder',
  scalar: 'Placeholder',
  constant: 'Const',
  splat: 'Const',
};

/** A recorded step as TensorFlow's GraphDef: shapes, tf.js operations and plugins as attributes. */
export function graphMessage(operations: readonly RecordedOperation[]): GraphMessage {
  return {
    node: operations.map(({ name, kind, inputs, shape, source, plugin }) => {
      const attr: Record<string, AttributeMessage> = {
        _output_shapes: { list: { shape: [{ dim: shape.map((size) => ({ size })) }] } },
      };
      if (source !== undefined) attr['tfjs'] = { s: Buffer.from(source) };
      if (plugin !== undefined) attr['plugin'] = { s: Buffer.from(plugin) };
      return { name, op: known[kind] ?? kind, input: inputs, attr };
    }),
  };
}
