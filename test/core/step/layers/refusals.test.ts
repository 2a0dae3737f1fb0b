import { beforeAll, describe, expect, test } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs-core';
import { NcnError } from '../../../../core/errors/error.js';
import type { Layers } from '../../../../core/step/layers.js';
import { tf } from '../../../../core/tf.js';
import { declare } from './support.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('what a layer cannot do, it says', () => {
  const wave = (): Tensor => tf.zeros([2, 8, 3]);
  const image = (): Tensor => tf.zeros([2, 8, 8, 3]);
  const conv = { filters: 2, kernel: 3 };
  test.each<[string, string, (layers: Layers) => Tensor]>([
    [
      "Layer 'l' (conv2d) was given a tensor of shape [2, 8, 3]; [batch, height, width, channels] was expected.",
      'NCN_LAYER_INPUT',
      (layers) => layers.conv2d('l', wave(), conv),
    ],
    [
      "Layer 'l' (conv1dTranspose) was given a tensor of shape [2, 8, 8, 3]; [batch, time, channels] was expected.",
      'NCN_LAYER_INPUT',
      (layers) => layers.conv1dTranspose('l', image(), conv),
    ],
    [
      "Layer 'l' (dense) was given a tensor of shape [3]; [batch, …, channels] with 2 axes or more was expected.",
      'NCN_LAYER_INPUT',
      (layers) => layers.dense('l', tf.zeros([3]), 2),
    ],
    [
      "Layer 'l' (instanceNorm) was given a tensor of shape [4, 3]; [batch, …, channels] with 3 axes or more was expected.",
      'NCN_LAYER_INPUT',
      (layers) => layers.instanceNorm('l', tf.zeros([4, 3])),
    ],
    [
      "Layer 'l' (conv1d): 'stride' is 0; a positive whole number was expected.",
      'NCN_LAYER_OPTION',
      (layers) => layers.conv1d('l', wave(), { ...conv, stride: 0 }),
    ],
    [
      "Layer 'l' (conv1d): a kernel that reaches over 9 does not fit into 8.",
      'NCN_LAYER_OPTION',
      (layers) => layers.conv1d('l', wave(), { ...conv, dilation: 4, pad: 'valid' }),
    ],
    [
      "Layer 'l' (conv2dTranspose): 'outputSize' is 14, but from 8, with stride 2 and pad 'same', 15 to 16 can be had.",
      'NCN_LAYER_OPTION',
      (layers) => layers.conv2dTranspose('l', image(), { ...conv, outputSize: 14 }),
    ],
    [
      "Layer 'l' (groupNorm): 3 channels do not make 2 equal groups.",
      'NCN_LAYER_OPTION',
      (layers) => layers.groupNorm('l', wave(), { groups: 2 }),
    ],
    [
      "Layer 'l' (batchNorm): 'axes' lacks the batch, axis 0.",
      'NCN_LAYER_OPTION',
      (layers) => layers.batchNorm('l', wave(), { axes: [1] }),
    ],
    [
      "Layer 'l' (batchNorm): 'momentum' is 99; a number from 0 to 1 was expected.",
      'NCN_LAYER_OPTION',
      (layers) => layers.batchNorm('l', wave(), { momentum: 99 }),
    ],
    [
      "Layer 'l' (layerNorm): 'axes' has the batch, axis 0.",
      'NCN_LAYER_OPTION',
      (layers) => layers.layerNorm('l', wave(), { axes: [0, 1] }),
    ],
    [
      "Layer 'l' (layerNorm): 'axes' is [2, -1]; one or more different axes of 0 to 2 were expected.",
      'NCN_LAYER_OPTION',
      (layers) => layers.layerNorm('l', wave(), { axes: [2, -1] }),
    ],
  ])('%s', (message, code, layer) => {
    let thrown: unknown;
    try {
      declare(layer);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(NcnError);
    expect(thrown).toMatchObject({ message, code });
  });
});
