import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTiny } from '../../../lab/testing/prepare.js';

const folder = (): string => join(mkdtempSync(join(tmpdir(), 'ncn-open-')), 'run');

test('scratch', async () => {
  const experiment = await openTiny({}, { engine: 'cpu' });
  const plan = await experiment.plan();
  console.log(plan.lines.join('\n'));
  const directory = folder();
  for await (const event of experiment.train({ directory })) console.log(event.type, event.update);
  console.log(await experiment.evaluate());
  console.log(await experiment.replay(3));
  const net = await experiment.network();
  console.log(net);
  await experiment.close();
  expect(1).toBe(1);
});
