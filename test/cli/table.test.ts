import { expect, test } from 'vitest';
import { table } from '../../cli/table.js';

test('a table of many rows looks as one of few does, with columns of one width', () => {
  const rows = Array.from({ length: 250 }, (_, i) => [
    String(i),
    i === 130 ? 'a longer word' : 'word',
    i === 249 ? 'two\nlines' : '한국어',
    'end',
  ]);
  const lines = table(['', 'name', 'what', ''], rows).split('\n');
  expect(lines).toHaveLength(252);
  expect(lines[0]).toBe('     name           what');
  expect(lines[1]).toBe('0    word           한국어  end');
  expect(lines[131]).toBe('130  a longer word  한국어  end');
  expect(lines.slice(-2)).toEqual(['249  word           two     end', '                    lines']);
  // As the first hundred rows alone, but for the wider column.
  const few = table(['', 'name', 'what', ''], rows.slice(0, 100)).split('\n');
  expect(few[1]).toBe('0   word  한국어  end');
});
