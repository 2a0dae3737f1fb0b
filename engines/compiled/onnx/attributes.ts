import onnx from 'onnx-proto';

const { AttributeProto } = onnx.onnx;
const types = AttributeProto.AttributeType;

/** A value of a node's attribute, tagged with ONNX's type. */
export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  /** Encoded last, when all names are final. */
  | { readonly graph: () => onnx.onnx.IGraphProto };

export type Attributes = Readonly<Record<string, Attribute>>;

export const int = (value: number): Attribute => ({ int: value });
export const ints = (values: readonly number[]): Attribute => ({ ints: values });
export const float = (value: number): Attribute => ({ float: value });

export function encodeAttribute(name: string, value: Attribute): onnx.onnx.IAttributeProto {
  if ('int' in value) return { name, type: types.INT, i: value.int };
  if ('ints' in value) return { name, type: types.INTS, ints: [...value.ints] };
  if ('float' in value) return { name, type: types.FLOAT, f: value.float };
  return { name, type: types.GRAPH, g: value.graph() };
}
