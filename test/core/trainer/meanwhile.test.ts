import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openExperiment, z, type PluginContext, type TrainingEvent } from '../../../core/index.js';
import { pluginOf } from '../../support/plugin.js';
import { newest, plain, runFolder, tiny, wordOf } from '../open/support.js';

const counted = z.int();

type Setup = (context: PluginContext<object>) => void;

/** Trains the tiny experiment with a plugin; what happens is told in words. */
async function train(setup: Setup, directory = runFolder(), stopAt?: string) {
  const told: string[] = [];
  const experiment = await openExperiment(
    { ...tiny, plugins: [...tiny.plugins, pluginOf(setup)] },
    plain,
  );
  const stop = new AbortController();
  const tell = (event: TrainingEvent): void => {
    told.push(wordOf(event));
    if (wordOf(event) === stopAt) stop.abort();
  };
  try {
    const training = experiment.train({ directory, signal: stop.signal });
    for await (const event of training) tell(event);
    return told;
  } finally {
    await experiment.close();
  }
}

test('work that is left is done while the next update runs, before evaluations, checkpoints and the end', async () => {
  const done: string[] = [];
  const told = await train(({ hooks }) => {
    hooks.evaluationEnd.tap(({ name, update, meanwhile }) => {
      done.push(`left ${name} ${update}`);
      meanwhile(async () => {
        await setTimeout(100);
        done.push(`done ${name} ${update}`);
      });
    });
    hooks.updateStart.tap(({ update }) => void done.push(`update ${update}`));
    hooks.evaluationStart.tap(({ name, update }) => void done.push(`${name} ${update}`));
    hooks.checkpointSave.tap(({ update }) => void done.push(`checkpoint ${update}`));
    hooks.runEnd.tap(() => void done.push('end'));
  });
  expect(told.at(-1)).toBe('end 6');
  // Of 0.1 s: the first update is over sooner, and what needs the work waits for it.
  expect(done).toEqual([
    ...['fixed 0', 'left fixed 0', 'update 1', 'update 2', 'done fixed 0', 'checkpoint 2'],
    ...['update 3', 'fixed 3', 'left fixed 3', 'update 4', 'done fixed 3', 'checkpoint 4'],
    ...['update 5', 'update 6', 'fixed 6', 'left fixed 6', 'done fixed 6', 'checkpoint 6'],
    ...['test 6', 'left test 6', 'done test 6', 'checkpoint 6', 'end'],
  ]);
});

test('the first update is run without it: what was left before begins beside the second', async () => {
  const done: string[] = [];
  await train(({ hooks }) => {
    hooks.evaluationEnd.tap(({ name, update, meanwhile }) => {
      meanwhile(() => Promise.resolve(void done.push(`${name} ${update}`)));
    });
    hooks.updateEnd.tap(({ update }) => void done.push(`update ${update}`));
  });
  const [first, second] = ['fixed 0', 'fixed 3'].map((word) => done.indexOf(word));
  expect(first).toBeGreaterThan(done.indexOf('update 1'));
  expect(first).toBeLessThan(done.indexOf('update 3'));
  expect(second).toBeGreaterThan(done.indexOf('update 3'));
  expect(second).toBeLessThan(done.indexOf('update 5'));
});

test('what it throws ends the run as the failure of its plugin, wherever the run is by then', async () => {
  const failing =
    (after: number): Setup =>
    ({ hooks }) => {
      hooks.evaluationEnd.tap(({ meanwhile }) => {
        meanwhile(async () => {
          await setTimeout(after);
          throw new Error('no paper left');
        });
      });
    };
  for (const after of [0, 100]) {
    const directory = runFolder();
    await expect(train(failing(after), directory)).rejects.toMatchObject({
      message: "Plugin 'test' failed in hook 'evaluationEnd': no paper left",
      code: 'NCN_PLUGIN_THREW',
      exit: 4,
    });
    const status: unknown = JSON.parse(readFileSync(join(directory, 'status.json'), 'utf8'));
    expect(status).toMatchObject({ state: 'failed', exitCode: 4 });
  }
  // At an interruption as well.
  await expect(train(failing(300), runFolder(), 'update 1')).rejects.toThrow('no paper left');
});

test('a run that is interrupted has done it before its state is saved', async () => {
  const directory = runFolder();
  let drawn = 0;
  const told = await train(
    ({ hooks, persist }) => {
      hooks.evaluationEnd.tap(({ meanwhile }) => {
        meanwhile(async () => {
          await setTimeout(100);
          drawn++;
        });
      });
      persist({ schema: counted, save: () => drawn, restore: (before) => (drawn = before) });
    },
    directory,
    'update 1',
  );
  expect(told.slice(-2)).toEqual(['checkpoint 1', 'end 1']);
  expect((await newest(directory)).plugins['test']).toBe(1);
});

test('it can be left only by a tap that is running', async () => {
  let late: ((work: () => Promise<void>) => void) | undefined;
  await train(({ hooks }) => {
    hooks.evaluationEnd.tap(({ meanwhile }) => void (late = meanwhile));
  });
  expect(() => late?.(() => Promise.resolve())).toThrow(
    'meanwhile() was called when no tap of evaluationEnd was running',
  );
});
