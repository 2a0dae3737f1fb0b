import { OnnxGraph, domains } from '../onnx/graph.js';
import { Buffer32, type Runtime } from './native.js';

/**
 * How many channels the CPU's blocked convolutions take together: 16 with AVX-512, 8 with AVX2;
 * 0 where this build of the library has none (Arm). Asked of the library itself.
 */
export function measureBlock(runtime: Runtime): number {
  const graph = new OnnxGraph();
  const input = graph.input('x', [1, 4, 1, 1]);
  const blocked = graph.op('ReorderInput', [input], {}, domains.blocked);
  graph.exposeUnknown(blocked);
  const buffer = new Buffer32(runtime, 4);
  try {
    const executable = runtime.load(graph.encode(), { threads: 1 });
    const shape = executable.shapeOf('x', buffer.view([1, 4, 1, 1]), blocked);
    executable.release();
    return shape[1] ?? 0;
  } catch {
    return 0;
  } finally {
    buffer.release();
  }
}
