import { expect, test } from 'vitest';
import { updateCost } from '../../core/step/cost.js';
import type { HostTensor } from '../../core/engine/types.js';
import type { Blueprint, Phase } from '../../core/step/types.js';
import type { Built } from '../../core/trainer/build/build.js';
import { prepareExamples, trainExamples } from './support.js';

test('the U-Net takes the place of the generator and gives images of the same size', async () => {
  const { built } = await prepareExamples('dcnn_v1', ['generator.unet'], {
    'generator.unet.width': 2,
  });
  const generator = built.networks.get('generator');
  expect(generator?.outputShape).toEqual([28, 28, 1]);
  const kernels = new Map(generator?.parameters.map(({ name, shape }) => [name, shape]));
  // Down to a quarter with four times the filters, up with kernels [2, 2, out, in], merged with skips.
  expect(kernels.get('quarter/kernel')).toEqual([3, 3, 4, 8]);
  expect(kernels.get('up1/kernel')).toEqual([2, 2, 4, 8]);
  expect(kernels.get('up1/merge/kernel')).toEqual([3, 3, 8, 4]);
  expect(kernels.get('up2/merge/kernel')).toEqual([3, 3, 4, 2]);
});

test('the PatchGAN judges patches', async () => {
  const { built } = await prepareExamples('conditional_v1', ['discriminator.patch'], {
    'discriminator.patch.width': 2,
  });
  expect(built.networks.get('discriminator')?.outputShape).toEqual([7, 7, 1]);
});

const wgan = { 'wgan.width': 2, 'wgan.criticUpdates': 3 };

test('WGAN-GP updates the critic several times, each on a batch and with draws of its own', async () => {
  const { built } = await prepareExamples('conditional_v1', ['wgan-gp'], wgan);
  const [step] = built.steps;
  const order = step?.phase.order.map(({ network, batch }) => `${network} ${batch}`);
  expect(order).toEqual(['discriminator 0', 'discriminator 1', 'discriminator 2', 'generator 0']);
  const draws = [...(step?.draws.keys() ?? [])];
  expect(draws).toEqual([0, 1, 2].map((i) => `draw/${i}/discriminator/penalty/mix`));
  expect(new Set([...(step?.draws.values() ?? [])].map(({ stream }) => stream)).size).toBe(3);
});

function firstPhase({ phases: [first] }: Blueprint): Phase {
  if (first === undefined) throw new Error('no phase');
  return first;
}

test('the estimate of an update’s cost knows a loss that differentiates what another loss sees', async () => {
  const values = { 'discriminator.vanilla.width': 0.0625 };
  const built = async (names: string[]) =>
    (await prepareExamples('dcgans_v4', names, values)).built;
  const cost = ({ blueprint, networks }: Built): number =>
    updateCost(blueprint, networks, firstPhase(blueprint));
  const [plain, sloped] = [await built([]), await built(['regularizer.r1'])];
  // It ended every run: the pass on the real images was not on the tape of the slope.
  const judged = plain.networks.get('discriminator')?.multiplyAdds ?? NaN;
  expect(cost(sloped) - cost(plain)).toBe(3 * judged);
});

test('the estimate of an update’s cost counts the gradient of the penalty', async () => {
  const { built } = await prepareExamples('conditional_v1', ['wgan-gp'], wgan);
  const work = (name: string) => built.networks.get(name)?.multiplyAdds ?? NaN;
  const [g, d] = [work('generator'), work('discriminator')];
  const phase = firstPhase(built.blueprint);
  // A critic update: D three passes' worth on real, on fake, and twice that on what is between. The
  // estimate takes G, run after D, for one that passes a gradient on.
  const expected = 3 * (2 * g + 3 * d + 3 * d + 2 * 3 * d) + (3 * g + 2 * d);
  expect(updateCost(built.blueprint, built.networks, phase)).toBe(expected);
});

test('the gradient penalty pulls the slope of the critic to one', async () => {
  const values = { ...wgan, 'wgan.criticUpdates': 1, 'optimizer.adam.learningRate': 1e-2 };
  const slopes = async (penalty: number) => {
    const { metrics } = await trainExamples('conditional_v1', ['wgan-gp'], {
      values: { ...values, 'wgan.penalty': penalty },
      engine: 'compiled',
      updates: 60,
    });
    return metrics.map((values) => values.get('discriminator/slope') ?? NaN);
  };
  const [bound, free] = [await slopes(10), await slopes(0)];
  const end = (values: readonly number[]) => Math.abs((values.at(-1) ?? NaN) - 1);
  expect(bound[0]).toBe(free[0]);
  expect(end(bound)).toBeLessThan(0.3);
  expect(end(bound)).toBeLessThan(end(free));
});

/** Largest singular value of a kernel as a matrix [h·w·in, out], by Jacobi's method for WᵀW. */
function largestSingularValue({ shape, data }: HostTensor): number {
  const n = shape.at(-1) ?? 0;
  const a = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      let sum = 0;
      for (let row = 0; row < data.length; row += n)
        sum += (data[row + i] ?? NaN) * (data[row + j] ?? NaN);
      return sum;
    }),
  );
  const at = (i: number, j: number): number => a[i]?.[j] ?? NaN;
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const angle = 0.5 * Math.atan2(2 * at(p, q), at(q, q) - at(p, p));
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (const row of a) {
          const [x, y] = [row[p] ?? NaN, row[q] ?? NaN];
          [row[p], row[q]] = [c * x - s * y, s * x + c * y];
        }
        const [rowP, rowQ] = [a[p] ?? [], a[q] ?? []];
        for (let k = 0; k < n; k++) {
          const [x, y] = [rowP[k] ?? NaN, rowQ[k] ?? NaN];
          [rowP[k], rowQ[k]] = [c * x - s * y, s * x + c * y];
        }
      }
    }
  }
  return Math.sqrt(Math.max(...a.map((_, i) => at(i, i))));
}

/** What the layer divides by: vᵀWu with the vector of the state. */
function estimate({ shape, data }: HostTensor, u: HostTensor): number {
  const n = shape.at(-1) ?? 0;
  let square = 0;
  for (let row = 0; row < data.length; row += n) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (data[row + j] ?? NaN) * (u.data[j] ?? NaN);
    square += sum ** 2;
  }
  return Math.sqrt(square);
}

test('spectral normalisation bounds the singular values of every layer by one', async () => {
  const { state } = await trainExamples('conditional_v1', ['discriminator.spectral'], {
    values: { 'discriminator.spectral.width': 3 },
    engine: 'compiled',
    updates: 40,
  });
  for (const layer of ['conv1', 'conv2', 'conv3', 'output']) {
    const kernel = state.get(`discriminator/${layer}/kernel`);
    const u = state.get(`discriminator/${layer}/u`);
    if (kernel === undefined || u === undefined) throw new Error(layer);
    const exact = largestSingularValue(kernel);
    expect(Math.hypot(...u.data)).toBeCloseTo(1, 4);
    // The power iteration comes from below.
    const normalised = exact / estimate(kernel, u);
    expect(normalised).toBeGreaterThan(1 - 1e-4);
    expect(normalised).toBeLessThan(1.1);
    expect(Math.abs(exact - 1)).toBeGreaterThan(0.01);
  }
});
