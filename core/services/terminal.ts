import { Writable } from 'node:stream';
import { createLogUpdate } from '#log-update';
import colours from 'picocolors';
import type { JsonValue as Json } from '../run/json.js';

/** NaN and the infinities as strings, as `summary.json` has them; JSON has no others. */
function asJson(value: Json): string {
  return JSON.stringify(value, (_, one: Json) =>
    typeof one === 'number' && !Number.isFinite(one) ? String(one) : one,
  );
}

/** `silent`: nothing at all, for callers that are programs. */
export type OutputMode = 'human' | 'quiet' | 'json' | 'silent';

/**
 * What a command shows: lines on standard output, one progress line where it is a terminal, and
 * with `--json` machine-readable lines and nothing else.
 */
export class Terminal {
  private readonly updateLine;
  /** A progress line that changes in place makes sense only where someone watches. */
  readonly interactive: boolean;
  /** Colours for what is interactive; none with `NO_COLOR` or where the terminal has none. */
  readonly colours: ReturnType<typeof colours.createColors>;

  constructor(
    readonly mode: OutputMode,
    private readonly out: NodeJS.WriteStream = process.stdout,
    private readonly err: NodeJS.WriteStream = process.stderr,
  ) {
    this.interactive = mode === 'human' && out.isTTY;
    this.colours = colours.createColors(this.interactive && colours.isColorSupported);
    this.updateLine = createLogUpdate(out);
  }

  /** Characters in a line; undefined where the output is not a terminal. */
  get columns(): number | undefined {
    // A pseudo-terminal may not know its size.
    return this.interactive ? this.out.columns || 80 : undefined;
  }

  /** A line for people; nothing with `--quiet` or `--json`. */
  line(text = ''): void {
    if (this.mode !== 'human') return;
    this.clearProgress();
    this.out.write(`${text}\n`);
  }

  /** The progress line; drawn in place, only where `interactive`. */
  progress(text: string): void {
    if (this.interactive) this.updateLine(text);
  }

  clearProgress(): void {
    if (this.interactive) this.updateLine.clear();
  }

  /** One machine-readable line; only with `--json`. */
  event(event: Readonly<Record<string, Json>>): void {
    if (this.mode === 'json') this.out.write(`${asJson(event)}\n`);
  }

  /** The result of a command: shown in every mode but `silent`, as JSON with `--json`. */
  result(text: string, json: Json): void {
    if (this.mode === 'silent') return;
    if (this.mode === 'json') this.out.write(`${asJson(json)}\n`);
    else {
      this.clearProgress();
      this.out.write(`${text}\n`);
    }
  }

  /** Where log lines for people go: standard error, above the progress line. */
  logStream(): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.clearProgress();
        // Where nobody can be told, the work goes on.
        this.err.write(chunk, () => done());
      },
    });
  }
}
