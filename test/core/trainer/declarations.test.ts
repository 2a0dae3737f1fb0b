import { expect, test } from 'vitest';
import type { Evaluation, Metric } from '../../../core/index.js';
import { prepareTiny } from '../../../lab/testing/prepare.js';
import { pluginOf } from '../../support/plugin.js';

/** Phases, metrics and evaluations: what is declared of them a run's manifest holds. */

test.each([1.5, NaN, -1, Infinity])('a phase of %s updates is refused', async (updates) => {
  const plugin = pluginOf(({ hooks }) => {
    hooks.phases.tap(({ add, main }) => {
      add({ name: 'x', updates, order: [{ network: main, batch: 0, terms: ['content'] }] });
    });
  });
  await expect(prepareTiny({ plugins: [plugin] })).rejects.toThrow(
    `failed in hook 'phases': Phase 'x' has ${updates} updates; a whole number was expected`,
  );
});

const group = { name: 'odd', label: 'odd', explanation: '', above: 1 };

test.each<[what: string, metric: Partial<Metric>, message: string]>([
  ['a group without limit', { group: { ...group, above: -Infinity } }, "'group.above'"],
  ['kinds without limit', { kinds: { bounds: [Infinity], names: [] } }, "'kinds.bounds.0'"],
  ['a range of NaN', { range: [0, NaN] }, "'range.1'"],
  ['a group that all have', { group: { ...group, name: 'worst' } }, "be called 'worst'"],
  ['another', { group: { ...group, name: 'batch/best' } }, "be called 'batch/best'"],
  ['a name of batch statistics', { name: 'batch/content' }, "'batch/content' cannot have"],
])('a metric with %s is refused', async (_what, part, message) => {
  const plugin = pluginOf(({ hooks }) => {
    hooks.metrics.tap(({ add }) => {
      add({ name: 'q', better: null, value: () => 1, ...part });
    });
  });
  const prepared = prepareTiny({ plugins: [plugin] });
  await expect(prepared).rejects.toThrow("Plugin 'test' failed in hook 'metrics': The ");
  await expect(prepared).rejects.toThrow(message);
});

const evaluationOf = (part: Partial<Evaluation>) =>
  prepareTiny({
    plugins: [
      pluginOf(({ hooks }) => {
        const run = () => Promise.resolve({ metrics: new Map() });
        hooks.evaluations.tap(({ add }) => {
          add({ name: 'mine', run, ...part });
        });
      }),
    ],
  });

test.each(['../../x', '', 'a//b', '/x', 'a\\b', 'a/..', './a'])(
  'an evaluation called %j is refused: it would leave the run',
  async (name) => {
    await expect(evaluationOf({ name })).rejects.toThrow(
      `failed in hook 'evaluations': An evaluation cannot be called '${name}'`,
    );
  },
);

test('what an evaluation declares is looked at as a metric is; its name may have parts', async () => {
  const declared = { name: 'x', better: null, range: [NaN, null] } as const;
  await expect(evaluationOf({ metrics: [declared] })).rejects.toThrow(
    /'x' of the evaluation 'mine'/,
  );
  const { built } = await evaluationOf({
    name: 'ood/hard',
    metrics: [{ ...declared, range: [0, Infinity] }],
  });
  expect([...built.evaluations.keys()]).toContain('ood/hard');
});

test.each<[what: string, result: object, message: string]>([
  ['an object of metrics', { metrics: { a: 1 } }, "'metrics'"],
  ['a metric that is no number', { metrics: new Map([['a', '1']]) }, "'metrics.a'"],
  ['other examples', { metrics: new Map(), perExample: { values: [] } }, "'perExample.indexes'"],
])('an evaluation that gives %s is told so, not who reads it', async (_what, result, message) => {
  const run = new Proxy(() => Promise.resolve({ metrics: new Map<string, number>() }), {
    apply: () => Promise.resolve(result),
  });
  const { built } = await evaluationOf({ run });
  const offered = built.evaluations.get('mine');
  if (offered === undefined) throw new Error('it is not offered');
  const mine = Promise.resolve<unknown>(Reflect.apply(offered.run, undefined, []));
  await expect(mine).rejects.toThrow("Plugin 'test' failed in its evaluation 'mine': its result");
  await expect(mine).rejects.toThrow(message);
});
