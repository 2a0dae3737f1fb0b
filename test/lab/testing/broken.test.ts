import { expect, test } from 'vitest';
import {
  definePlugin,
  MetricsLogToken,
  tf,
  updateNumber,
  z,
  type PluginContext,
} from '../../../core/index.js';
import { conformance } from '../../../lab/testing/index.js';

const noOptions = z.strictObject({});

const plugin = (setup: (context: PluginContext<unknown>) => void, options: z.ZodType = noOptions) =>
  definePlugin({ name: 'broken', version: '1.0.0', summary: 'a test', options, setup });

/** Adds a loss of the generator to the plugin `broken`. */
const loss = (value: (output: tf.Tensor) => tf.Scalar) =>
  plugin(({ hooks }) => {
    hooks.losses.tap(({ add }) => {
      add({
        name: 'broken',
        network: 'generator',
        weight: () => 1,
        value: ({ output }) => value(output),
      });
    });
  });

let setups = 0;
let timer: NodeJS.Timeout | undefined;
const kept: tf.Tensor[] = [];

/** One plugin for each check, which breaks exactly that promise. */
const broken: [check: string, message: RegExp, ReturnType<typeof plugin>][] = [
  [
    'its options and state are plain data',
    /schema of its options has no JSON Schema/,
    plugin(() => undefined, z.strictObject({ since: z.date().optional() })),
  ],
  [
    'its options and state are plain data',
    /saved state does not survive/,
    plugin(({ persist }) => {
      persist({ schema: z.any(), save: () => new Map([['a', 1]]), restore: () => undefined });
    }),
  ],
  [
    'equal runs give equal results',
    /of update 1 was .*, then /,
    // State in the module: a second run goes on where the first ended.
    plugin(({ hooks }) => {
      const factor = ++setups;
      hooks.losses.tap(({ add }) => {
        add({
          name: 'broken',
          network: 'generator',
          weight: () => 1,
          value: ({ output }) => tf.mul<tf.Scalar>(tf.mean(output), factor),
        });
      });
    }),
  ],
  [
    'a run that was stopped and resumed equals one that was not',
    /line \d+ of metrics.jsonl was .*"seen":4.*, then .*"seen":1/,
    plugin(({ hooks, services }) => {
      let seen = 0;
      hooks.updateEnd.tap(() => {
        services.get(MetricsLogToken).append({ type: 'seen', seen: ++seen });
      });
    }),
  ],
  [
    'no tensor leaks',
    /number of tensors grew over the updates: \d+/,
    plugin(({ hooks }) => {
      hooks.updateEnd.tap(({ update }) => {
        kept.push(tf.scalar(update));
      });
    }),
  ],
  [
    'it runs on every engine that is present',
    /the engine 'compiled' failed: Plugin 'broken' failed in its loss 'generator\/broken'/,
    loss((output) => tf.scalar(tf.mean(output).dataSync()[0] ?? 0)),
  ],
  [
    'nothing stays behind when the run ends',
    /left behind: .*open Timeout/,
    plugin(({ hooks }) => {
      hooks.runStart.tap(() => {
        timer ??= undefined;
        timer = setInterval(() => undefined, 1e6);
      });
    }),
  ],
];

test.each(broken)(
  'a broken plugin fails the check that %s (%s)',
  async (name, message, subject) => {
    const check = conformance(subject).find((candidate) => candidate.name === name);
    try {
      await expect(check?.run()).rejects.toThrow(message);
    } finally {
      clearInterval(timer);
      tf.dispose(kept.splice(0));
    }
  },
);

test('an experiment that is not tiny is refused at once, with the options that lengthen it', async () => {
  const long = plugin(
    ({ hooks, options }) => {
      const { warm } = z.strictObject({ warm: z.number() }).parse(options);
      hooks.phases.tap(({ add }) => {
        add({ name: 'warm', updates: warm, order: [{ network: 'generator', batch: 0 }] });
      });
    },
    z.strictObject({ warm: updateNumber().default(4000) }),
  );
  for (const { run } of conformance(long)) {
    await expect(run()).rejects.toMatchObject({
      code: 'NCN_CONFORMANCE_LONG',
      message: expect.stringContaining('warm 4000') as unknown,
      hint: expect.stringContaining("'broken.warm': 2") as unknown,
    });
  }
});
