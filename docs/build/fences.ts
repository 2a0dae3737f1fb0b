/** A fenced block of Markdown. */
export interface Fence {
  readonly language: string;
  readonly code: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** All fenced blocks of a Markdown text, in order. */
export function fences(markdown: string): Fence[] {
  const found: Fence[] = [];
  let open: { language: string; line: number; code: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const mark = /^```(\w*)\s*$/.exec(line);
    if (open === undefined) {
      if (mark !== null) open = { language: mark[1] ?? '', line: index + 1, code: [] };
    } else if (mark === null) {
      open.code.push(line);
    } else {
      found.push({ language: open.language, line: open.line, code: `${open.code.join('\n')}\n` });
      open = undefined;
    }
  }
  return found;
}
