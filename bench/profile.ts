/**
 * Where the time of a compiled update goes: `npm run bench:profile -- --work gan --batch 16`.
 * Takes the options of `bench/case.ts`, or of `bench/apart-case.ts` for `--work unet` and `resnet`. Prints the library's own times, by operator and by node, of each
 * node the median of its runs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { spreadOf } from './measure.js';
import { isApart } from './peer-cases.js';

const eventSchema = z.object({
  cat: z.string(),
  name: z.string(),
  dur: z.number(),
  ts: z.number(),
  args: z
    .object({
      op_name: z.string().optional(),
      input_type_shape: z.unknown().optional(),
      output_type_shape: z.unknown().optional(),
      thread_scheduling_stats: z.unknown().optional(),
    })
    .optional(),
});

/** What was seen of a node: microseconds of each run. */
interface Seen {
  readonly operator: string;
  readonly detail: string;
  readonly micros: number[];
}

interface Total {
  count: number;
  micros: number;
  readonly detail: string;
}

const shapesOf = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll(/"(float|int64|int32|bool)":/g, '')
    .replaceAll(/[{}]/g, '');

function print(title: string, totals: ReadonlyMap<string, Total>, most: number): void {
  const sorted = [...totals].sort(([, a], [, b]) => b.micros - a.micros);
  const sum = sorted.reduce((s, [, { micros }]) => s + micros, 0);
  console.log(`\n${title}: ${(sum / 1000).toFixed(1)} ms a run`);
  for (const [key, { count, micros, detail }] of sorted.slice(0, most)) {
    const ms = (micros / 1000).toFixed(2).padStart(9);
    const share = ((100 * micros) / sum).toFixed(1).padStart(5);
    console.log(`${ms} ms ${share} % ${String(count).padStart(6)}× ${key} ${detail}`);
  }
}

/** @returns exit code */
function profile(folder: string): number {
  const given = process.argv.slice(2);
  const program = isApart(given[given.indexOf('--work') + 1] ?? '') ? 'apart-case.js' : 'case.js';
  const args = [resolve(import.meta.dirname, program), ...given];
  const environment = { ...process.env, NCN_COMPILED_PROFILE: join(folder, 'profile') };
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env: environment });
  if (status !== 0) return status ?? 1;
  if (given.some((word) => ['-h', '--help'].includes(word))) return 0;
  const files = readdirSync(folder).map((name) => join(folder, name));
  if (files.length === 0) {
    console.error('Nothing to see: only the compiled engine tells the times of its operators.');
    return 2;
  }
  const sizes = files.map((file) => readFileSync(file, 'utf8'));
  // The session's small programs have profiles too; the step's is the largest.
  const largest = sizes.reduce((a, b) => (a.length > b.length ? a : b), '[]');
  const events = z.array(z.unknown()).parse(JSON.parse(largest));
  const nodes = new Map<string, Seen>();
  const known = events.flatMap((raw) => {
    const { success, data } = eventSchema.safeParse(raw);
    return success ? [data] : [];
  });
  const ends = known.flatMap(({ cat, name, ts, dur }) =>
    cat === 'Session' && name === 'model_run' ? [ts + dur] : [],
  );
  // In the first run memory is touched for the first time.
  const warm = Math.min(...ends);
  for (const { cat, name, dur, ts, args: about } of known) {
    if (ts < warm) continue;
    if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
    const node = name.replace('_kernel_time', '');
    const shapes = `${shapesOf(about?.input_type_shape)} → ${shapesOf(about?.output_type_shape)}`;
    const seen = nodes.get(node) ?? {
      operator: about?.op_name ?? '?',
      detail: shapes.slice(0, 150),
      micros: [],
    };
    nodes.set(node, seen);
    seen.micros.push(dur);
  }
  const operators = new Map<string, Total>();
  const byNode = new Map<string, Total>();
  for (const [node, { operator, detail, micros }] of nodes) {
    // Not the mean: whatever else runs on the machine interrupts some nodes for long.
    const { median } = spreadOf(micros);
    byNode.set(node, { count: 1, micros: median, detail });
    const total = operators.get(operator) ?? { count: 0, micros: 0, detail: '' };
    total.count++;
    total.micros += median;
    operators.set(operator, total);
  }
  print('by operator', operators, 25);
  print('by node', byNode, 60);
  return 0;
}

const folder = mkdtempSync(join(tmpdir(), 'ncn-profile-'));
try {
  process.exitCode = profile(folder);
} finally {
  rmSync(folder, { recursive: true });
}
