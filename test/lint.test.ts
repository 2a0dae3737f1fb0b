import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { expect, test } from 'vitest';

const { default: config } = (await import(
  new URL('../eslint.config.js', import.meta.url).href
)) as { default: Linter.Config[] };
const rules = config.find((part) => part.rules?.['no-restricted-imports'] !== undefined)?.rules;
const linter = new Linter();

function complaints(source: string): number {
  const parser = tseslint.parser as Linter.Parser;
  return linter.verify(
    source,
    [{ files: ['**/*.ts'], languageOptions: { parser }, rules: rules ?? {} }],
    'plugins/x.ts',
  ).length;
}

test.each([
  "import { tf } from 'ncn';",
  "import { join } from 'node:path';",
  "import { discriminator } from './network.js';",
])('a plugin may: %s', (source) => {
  expect(complaints(source)).toBe(0);
});

test.each([
  "import { Trainer } from '../core/trainer/loop/trainer.js';",
  "import type { Trainer } from '../../core/trainer/trainer.js';",
  "export { Trainer } from '../core/trainer/loop/trainer.js';",
  "import '../core/tf.js';",
  "import { x } from '../bench/results.js';",
  "import { x } from 'ncn/dist/core/index.js';",
  "import * as tf from '@tensorflow/tfjs';",
  "import { z } from 'zod';",
  "const core = await import('../core/index.js');",
  "const tf = require('@tensorflow/tfjs');",
])('a plugin may not: %s', (source) => {
  expect(complaints(source)).toBeGreaterThan(0);
});
