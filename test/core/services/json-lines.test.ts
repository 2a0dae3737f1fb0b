import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { expect, test } from 'vitest';
import { Terminal } from '../../../core/services/terminal.js';

test('lines for programs have NaN and the infinities as strings', () => {
  const out = new PassThrough();
  const terminal = new Terminal('json', out as unknown as WriteStream);
  terminal.event({ type: 'evaluation', metrics: { a: NaN, b: 1.5 } });
  terminal.result('for people', { list: [Infinity, -Infinity, -2, 'NaN'] });
  expect(String(out.read())).toBe(
    '{"type":"evaluation","metrics":{"a":"NaN","b":1.5}}\n{"list":["Infinity","-Infinity",-2,"NaN"]}\n',
  );
});
