import { attributeTypes, type AttributeMessage, type GraphMessage } from './messages.js';

/** A value of a node's attribute, tagged with ONNX's type. */
export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  /** Encoded last, when all names are final. */
  | { readonly graph: () => GraphMessage };

export type Attributes = Readonly<Record<string, Attribute>>;

export const int = (value: number): Attribute => ({ int: value });
export const ints = (values: readonly number[]): Attribute => ({ ints: values });
export const float = (value: number): Attribute => ({ float: value });

export function encodeAttribute(name: string, value: Attribute): AttributeMessage {
  if ('int' in value) return { name, type: attributeTypes.int, i: value.int };
  if ('ints' in value) return { name, type: attributeTypes.ints, ints: [...value.ints] };
  if ('float' in value) return { name, type: attributeTypes.float, f: value.float };
  return { name, type: attributeTypes.graph, g: value.graph() };
}
