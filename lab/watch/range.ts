import type { Answer } from './answer.js';

/**
 * The part of a file that a player asks for: without it, browsers do not move in a sound.
 * @param range a `Range` header; one of another kind than `bytes=FROM-TO` gets the whole, as RFC 9110
 *   allows
 */
export function part(whole: Answer, range: string | undefined): Answer {
  if (whole.status !== 200 || typeof whole.body === 'string') return whole;
  const headers = { ...whole.headers, 'accept-ranges': 'bytes' };
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === '' && to === '') return { ...whole, headers };
  const size = whole.body.length;
  // Without a start, it is the last so many bytes.
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(size - 1, Number(to));
  if (start > end) {
    const told = { 'accept-ranges': 'bytes', 'content-range': `bytes */${size}` };
    return { status: 416, type: 'text/plain; charset=utf-8', body: '', headers: told };
  }
  return {
    ...whole,
    status: 206,
    body: whole.body.subarray(start, end + 1),
    headers: { ...headers, 'content-range': `bytes ${start}-${end}/${size}` },
  };
}
