import type { Tensor } from '@tensorflow/tfjs-core';
import type { HostTensor, Program, ProgramArguments } from '../../../core/engine/types.js';

export const scalar = (value: number): HostTensor => ({ shape: [], data: Float32Array.of(value) });
export const none = new Map<string, never>();

export function get(
  args: ProgramArguments,
  part: 'state' | 'inputs' | 'scalars',
  name: string,
): Tensor {
  const tensor = args[part].get(name);
  if (tensor === undefined) throw new Error(`no ${name}`);
  return tensor;
}

/** A program from a function of one input `x` to one output `y`. */
export function unary(body: (x: Tensor) => Tensor): Program {
  return {
    name: 'test',
    body: (args) => ({ state: none, outputs: new Map([['y', body(get(args, 'inputs', 'x'))]]) }),
  };
}
