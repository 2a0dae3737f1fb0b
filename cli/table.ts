import Table from 'cli-table3';

/** Rows that are laid out together: the layout takes time with the square of their number. */
const block = 100;

/** A plain table for the console: no borders, two spaces between columns. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths?: number[],
): string {
  if (rows.length <= block || widths !== undefined) return layOut(head, rows, widths).text;
  const blocks = Array.from({ length: Math.ceil(rows.length / block) }, (_, i) =>
    rows.slice(i * block, (i + 1) * block),
  );
  // Once for the widths that each needs, and once with the widest.
  const needed = blocks.map((part) => layOut(head, part).widths);
  const widest = head.map((_, column) => Math.max(...needed.map((each) => each[column] ?? 0)));
  return blocks.map((part, i) => layOut(i === 0 ? head : [], part, widest, false).text).join('\n');
}

function layOut(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths?: readonly number[],
  wordWrap = true,
): { readonly text: string; readonly widths: readonly (number | null)[] } {
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
    ...(widths === undefined ? {} : { colWidths: [...widths], wordWrap }),
  });
  plain.push(...rows.map((row) => [...row]));
  const text = plain
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
  return { text, widths: plain.options.colWidths };
}
