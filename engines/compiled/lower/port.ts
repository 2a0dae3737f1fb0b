/** One tensor at the border of the compiled program. */
export interface Port {
  readonly role: 'state' | 'input' | 'scalar' | 'output';
  /** In the program. */
  readonly name: string;
  /** In the ONNX graph. */
  readonly value: string;
  /** Logical. */
  readonly shape: readonly number[];
  /** In memory. */
  readonly physical: readonly number[];
  /** For state that changes: its new value may be written over the old. */
  readonly inPlace?: boolean;
}
