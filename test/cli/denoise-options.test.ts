import { expect, test } from 'vitest';
import { checkForm, type DenoiseOptions } from '../../cli/denoise-options.js';

const refused: readonly [
  form: 'stream' | 'recording' | 'run',
  options: DenoiseOptions,
  named: RegExp,
][] = [
  ['stream', { output: 'out.raw' }, /^A stream makes no use of --output\.$/],
  ['stream', { reference: 'r.wav', example: 0 }, /--reference, --example/],
  ['recording', { delay: 0 }, /^A recording makes no use of --delay/],
  ['recording', { input: 'nowhere', signal: ['a=b'] }, /--input, --signal/],
  [
    'recording',
    { method: 'canceller', set: ['foo.bar=1'] },
    /canceller alone makes no use of --set/,
  ],
  [
    'recording',
    { method: 'canceller', evalEvery: 1, trustPlugins: true },
    /--eval-every, --trust-/,
  ],
  ['run', { method: 'canceller' }, /^A run's network makes no use of --method/],
  ['run', { run: 'runs/x', delay: 3 }, /--run, --delay/],
];

test.each(refused)('%s: %j is refused', (form, options, named) => {
  expect(() => {
    checkForm(options, form);
  }).toThrow(named);
});

test('what each form takes is let through', () => {
  const any = { json: true, quiet: true, order: [] };
  checkForm({ ...any, stream: true, method: 'canceller', delay: 3 }, 'stream');
  checkForm({ ...any, stream: true, run: 'runs/x', set: ['a=1'], threads: 1 }, 'stream');
  checkForm(
    { ...any, reference: 'r.wav', output: 'o.wav', run: 'x', trustPlugins: true },
    'recording',
  );
  checkForm({ ...any, input: 'a', reference: 'b', signal: ['c=d'], output: 'o', seed: 1 }, 'run');
  checkForm({ ...any, example: 3, output: 'o', plugin: ['p'] }, 'run');
});
