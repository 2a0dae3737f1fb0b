import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { badContribution } from '../errors/plugin.js';

/** The tensor as images [batch, height, width, channels]. @throws NcnError for another rank */
export function asImages(tensor: Tensor, what: string): Tensor4D {
  if (isRank4(tensor)) return tensor;
  throw badContribution(
    `'${what}' has the shape [${tensor.shape.join(', ')}]; [batch, height, width, channels] was expected.`,
  );
}

/** The tensor as a single number. @throws NcnError for another rank */
export function asScalar(tensor: Tensor, what: string): Scalar {
  if (isRank0(tensor)) return tensor;
  throw badContribution(
    `'${what}' has the shape [${tensor.shape.join(', ')}]; a single number was expected.`,
  );
}

function isRank4(tensor: Tensor): tensor is Tensor4D {
  return tensor.shape.length === 4;
}

function isRank0(tensor: Tensor): tensor is Scalar {
  return tensor.shape.length === 0;
}
