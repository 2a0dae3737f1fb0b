import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NetworkStream } from '../../core/step/stream.js';
import { usageOf } from '../../lab/export/usage.js';

const stream: NetworkStream = {
  program: { name: 'stream', body: () => ({ state: new Map(), outputs: new Map() }) },
  memory: new Map(),
  hop: 256,
  latency: 256,
  inputShapes: new Map([['input', [256, 1]]]),
};

test.each(['net #1', '50%', "it's", 'a "b" """', 'back\\slash\\N', 'two\nlines', '${x}`'])(
  'beside a model named %j stands a program that is one',
  (name) => {
    const model = `${name}.onnx`;
    const programs = usageOf(stream, model);
    const [python = '', javascript = ''] = programs.values();
    expect([...programs.keys()]).toEqual([`${name}.py`, `${name}.mjs`]);
    expect(python).toContain(`os.path.join(here, ${JSON.stringify(model)})`);
    expect(javascript).toContain(`join(here, ${JSON.stringify(model)})`);
    const file = join(mkdtempSync(join(tmpdir(), 'ncn-usage-')), 'program.mjs');
    writeFileSync(file, javascript);
    execFileSync(process.execPath, ['--check', file], { stdio: 'pipe' });
  },
);
