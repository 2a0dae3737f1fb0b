import { int } from '../onnx/attributes.js';
import type { OnnxGraph, Value } from '../onnx/graph.js';

/**
 * Shapes that the library learns only when it runs. Where it knows two values to have one shape, it
 * plans ahead that the second takes over the first one's memory, and keeps that memory in between:
 * for a training step, half as much again as is needed. So it is told no shapes.
 */
export class RuntimeShapes {
  private readonly shapes = new Map<string, readonly number[]>();

  constructor(private readonly graph: OnnxGraph) {}

  /** A shape, as an operator's input. */
  of(shape: readonly number[]): Value {
    const name = `shape:${shape.join('x')}`;
    this.shapes.set(name, shape);
    return name;
  }

  /**
   * Computes all shapes that were asked for, at the beginning of the graph.
   * @param input one of its inputs whose first side is not declared; without one, shapes are known
   */
  emit(input: Value | undefined): void {
    if (this.shapes.size === 0) return;
    const { graph } = this;
    graph.atBeginning(() => {
      const lists = [...this.shapes.values()];
      const known = [lists.flat(), lists.map(({ length }) => length)].map((l) => graph.integers(l));
      const hidden = input === undefined ? known : this.disguise(known, input);
      graph.named('Split', hidden, [...this.shapes.keys()], { axis: int(0) });
    });
  }

  private disguise(lists: readonly Value[], input: Value): Value[] {
    const length = this.graph.op('Shape', [input], { start: int(0), end: int(1) });
    const nothing = this.graph.op('Mul', [length, this.graph.integers([0])]);
    return lists.map((list) => this.graph.op('Add', [list, nothing]));
  }
}
