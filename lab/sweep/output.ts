import { open } from 'node:fs/promises';
import { z } from 'zod';
import { parseJson } from '../../core/run/json.js';

const tailBytes = 16 << 10;

const lineSchema = z.object({
  type: z.string(),
  update: z.int().nonnegative().optional(),
  message: z.string().optional(),
  code: z.string().optional(),
  hint: z.string().nullable().optional(),
});

/** What the end of a job's output tells. */
export interface JobOutput {
  /** When something was last written, ms since 1970; undefined where there is no output. */
  readonly heard?: number;
  /** The last update that was mentioned. */
  readonly update?: number;
  /** The error that ended it, or its last line. */
  readonly trouble?: string;
  /** Code of that error, such as `NCN_DIVERGED`. */
  readonly code?: string;
}

/** Reads the end of a job's log, which holds the lines of `ncn run --json`. */
export async function readOutput(log: string): Promise<JobOutput> {
  let text: string;
  let heard: number;
  try {
    const file = await open(log, 'r');
    try {
      const { size, mtimeMs } = await file.stat();
      heard = mtimeMs;
      const length = Math.min(size, tailBytes);
      const buffer = Buffer.alloc(length);
      await file.read(buffer, 0, length, size - length);
      text = buffer.toString('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return {};
  }
  let update: number | undefined;
  let trouble: string | undefined;
  let code: string | undefined;
  let last = '';
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    last = line.trim();
    const event = parseLine(line);
    if (event === undefined) continue;
    if (event.update !== undefined) update = event.update;
    // A new start begins after what ended the one before.
    if (event.type === 'plan' || event.type === 'resume') trouble = code = undefined;
    if (event.type === 'error') {
      trouble = event.message ?? line;
      code = event.code;
    }
  }
  if (trouble === undefined && !last.startsWith('{')) trouble = last;
  return {
    heard,
    ...(update === undefined ? {} : { update }),
    ...(trouble === undefined || trouble === '' ? {} : { trouble }),
    ...(code === undefined ? {} : { code }),
  };
}

function parseLine(line: string): z.infer<typeof lineSchema> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return lineSchema.parse(parseJson(line));
  } catch {
    return undefined;
  }
}
