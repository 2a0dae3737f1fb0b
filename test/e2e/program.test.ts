import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test('what is built can be run by its name', ({ skip }) => {
  if (process.platform === 'win32') return skip('Windows has no such permission');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const printed = execFileSync(join(root, 'dist/cli/main.js'), ['--version'], {
    encoding: 'utf8',
  });
  expect(printed.trim()).toBe(version);
});
