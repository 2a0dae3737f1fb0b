import Table from 'cli-table3';

/** A plain table for the console: no borders, two spaces between columns. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths?: number[],
): string {
  const plain = new Table({
    head: [...head],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
    ...(widths === undefined ? {} : { colWidths: widths, wordWrap: true }),
  });
  plain.push(...rows.map((row) => [...row]));
  return plain
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
