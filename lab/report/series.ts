import { messageOf } from '../../core/errors/error.js';
import { eventLogLine } from '../../core/errors/run.js';
import type { Point } from '../../media/figures/downsample.js';
import { isObject } from '../../core/experiment/paths.js';
import { parseJson, type JsonValue } from '../../core/run/json.js';
import type { RunSource } from './source.js';

/** A line of values over updates that grows. */
export type Series = Point[];

/** The last value of a line; undefined where there is none, or it is no number. */
export function newest(of: ReadonlyMap<string, Series>, name: string): number | undefined {
  const value = of.get(name)?.at(-1)?.[1];
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** Bytes before the read position that must not have changed. */
const tailBytes = 512;

/**
 * The numbers of a run's `metrics.jsonl`. `read` takes what was added since the last time, so
 * that a run can be followed cheaply; a file that was cut or replaced is read again.
 */
export class MetricsSeries {
  /** Running means of each update's metrics, such as `generator/content`. */
  readonly training = new Map<string, Series>();
  /** Scalars of the step, such as `weight/generator/content`. */
  readonly scalars = new Map<string, Series>();
  /** By evaluation, then metric. */
  readonly evaluations = new Map<string, Map<string, Series>>();
  /** The last update that the file tells of, and its phase. */
  update = 0;
  phase: string | undefined;
  /** What is wrong with the file, for people. */
  readonly problems: string[] = [];
  #position = 0;
  #lines = 0;
  #tail = Buffer.alloc(0);

  constructor(private readonly source: RunSource) {}

  /** At which an evaluation was made, ascending. */
  updatesOf(evaluation: string): number[] {
    const [first] = this.evaluations.get(evaluation)?.values() ?? [];
    return (first ?? []).map(([update]) => update);
  }

  /** A line that is not JSON is told in `problems`. @throws NcnError where the file cannot be read */
  async read(): Promise<void> {
    const start = this.#position - this.#tail.length;
    const bytes = await this.source.bytesFrom('metrics.jsonl', start);
    if (bytes?.subarray(0, this.#tail.length).equals(this.#tail) !== true) {
      if (this.#position === 0) return;
      this.#forget();
      return this.read();
    }
    const fresh = bytes.subarray(this.#tail.length);
    const end = fresh.lastIndexOf(10) + 1; // a last line without its end is being written
    this.#take(fresh.subarray(0, end).toString('utf8'));
    this.#position += end;
    const kept = bytes.subarray(0, this.#tail.length + end);
    this.#tail = Buffer.from(kept.subarray(Math.max(0, kept.length - tailBytes)));
  }

  #forget(): void {
    for (const series of [this.training, this.scalars, this.evaluations]) series.clear();
    this.update = 0;
    this.problems.length = 0;
    this.#position = 0;
    this.#lines = 0;
    this.#tail = Buffer.alloc(0);
  }

  #take(text: string): void {
    for (const line of text.split('\n').slice(0, -1)) {
      this.#lines++;
      let event: JsonValue;
      try {
        event = parseJson(line);
      } catch (error) {
        const what = `not JSON (${messageOf(error)})`;
        const file = `${this.source.id}/metrics.jsonl`;
        // What the other lines say is still worth seeing.
        if (this.problems.length < 5) {
          this.problems.push(eventLogLine(file, this.#lines, what).message);
        }
        continue;
      }
      if (isObject(event)) this.#add(event);
    }
  }

  #add(event: { readonly [key: string]: JsonValue }): void {
    const { type, update, name, phase, metrics = null, scalars = null } = event;
    if (typeof update !== 'number') return;
    if (type === 'update') {
      this.update = update;
      if (typeof phase === 'string') this.phase = phase;
      append(this.training, update, metrics);
      append(this.scalars, update, scalars);
    } else if (type === 'evaluation' && typeof name === 'string') {
      this.update = Math.max(this.update, update);
      const of = this.evaluations.get(name) ?? new Map<string, Series>();
      this.evaluations.set(name, of);
      append(of, update, metrics);
    } else if (type === 'gap') {
      this.problems.push(`metrics.jsonl: lines of before update ${update} were lost.`);
    }
  }
}

function append(series: Map<string, Series>, update: number, values: JsonValue): void {
  if (!isObject(values)) return;
  for (const [name, value] of Object.entries(values)) {
    const line = series.get(name) ?? [];
    series.set(name, line);
    // 'NaN' and the infinities are strings there.
    line.push([update, Number(value)]);
  }
}
