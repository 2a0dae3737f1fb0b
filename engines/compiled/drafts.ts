import type {
  ByteCache,
  Program,
  ProgramMemory,
  ProgramSignature,
} from '../../core/engine/types.js';
import { memoryOf } from './footprint/footprint.js';
import { KeptPrograms, type Made } from './kept.js';
import { lower, type Lowered } from './lower/lower.js';
import type { LoweringOptions } from './lower/options.js';
import { mayMerge } from './lower/placement.js';
import { fuseProducts } from './passes/fuse-products.js';
import { joinPads } from './passes/join-pads.js';
import { mergeFilterGradients } from './passes/merge-filter-gradients.js';
import type { Recording } from './ir/types.js';
import type { Executable } from './runtime/native.js';
import { record } from './trace/record.js';

type Shapes = ReadonlyMap<string, readonly number[]>;

/** A program on its way to the library, and how long each step took, in milliseconds. */
interface Draft {
  readonly key: string;
  readonly recording: Recording;
  readonly record: number;
  /** What was made of the same recording before, and its name. */
  readonly kept?: { readonly name: string; readonly made?: Made };
  lowered?: { readonly whole: Lowered; readonly lower: number };
  memory?: ProgramMemory;
  /** What the library makes of it, where it was asked already. */
  loading?: Loading;
}

/** A model that is compiled off the JavaScript thread. */
interface Loading {
  readonly executable: Promise<Executable>;
  /** Milliseconds that it took. */
  readonly took: Promise<number>;
}

/**
 * Programs as they were recorded and lowered, kept until they are compiled: to look at one before
 * costs its compilation nothing.
 */
export class Drafts {
  private readonly known = new Map<Program, Draft>();

  private readonly kept: KeptPrograms | undefined;

  /** @param cache for what is made of programs */
  constructor(
    private readonly options: LoweringOptions,
    cache?: ByteCache,
  ) {
    this.kept = cache && new KeptPrograms(cache, options);
  }

  /** A program's recording, where it was made for these shapes and is still there. */
  peek(program: Program, state: Shapes, signature: ProgramSignature): Recording | undefined {
    const known = this.known.get(program);
    return known?.key === keyOf(state, signature) ? known.recording : undefined;
  }

  /** @throws NcnError as `record` */
  recorded(program: Program, state: Shapes, signature: ProgramSignature): Draft {
    const key = keyOf(state, signature);
    const known = this.known.get(program);
    if (known?.key === key) return known;
    if (known !== undefined) release(known);
    // A recording that fails leaves nothing that would be released once more.
    this.known.delete(program);
    const start = performance.now();
    let kept: Draft['kept'];
    const recording = record(program, state, signature, (recorded) => {
      const name = this.kept?.nameOf(recorded);
      if (name === undefined) return false;
      const made = this.kept?.find(name);
      kept = { name, ...(made !== undefined && { made }) };
      return made !== undefined;
    });
    const took = performance.now() - start;
    const draft: Draft = { key, recording, record: took, ...(kept !== undefined && { kept }) };
    this.known.set(program, draft);
    return draft;
  }

  /** The memory that a program takes beside the state. @throws NcnError as `record` */
  memory(program: Program, state: Shapes, signature: ProgramSignature): ProgramMemory {
    return this.measured(this.recorded(program, state, signature));
  }

  /** @throws NcnError as `record` */
  lowered(program: Program, state: Shapes, signature: ProgramSignature): Lowered {
    return this.whole(this.recorded(program, state, signature)).whole;
  }

  /** Has a program compiled while something else is done. @throws NcnError as `record` */
  load(
    program: Program,
    state: Shapes,
    signature: ProgramSignature,
    load: (model: Uint8Array) => Promise<Executable>,
  ): void {
    const draft = this.recorded(program, state, signature);
    if (draft.loading !== undefined) return;
    const { model } = this.made(draft);
    const start = performance.now();
    const executable = load(model);
    const took = executable.then(() => performance.now() - start);
    // Whoever takes it is told what went wrong.
    took.catch(() => undefined);
    draft.loading = { executable, took };
  }

  /** Releases what was compiled and not taken. */
  close(): void {
    this.known.forEach(release);
    this.known.clear();
  }

  /** What was made of a program so far, which is then forgotten. */
  take(program: Program, state: Shapes, signature: ProgramSignature) {
    const draft = this.recorded(program, state, signature);
    const lowered = this.made(draft);
    this.known.delete(program);
    const { record: recorded, loading } = draft;
    return { lowered, record: recorded, lower: draft.lowered?.lower ?? 0, loading };
  }

  /** What a program was lowered to, now or before. */
  private made(draft: Draft): Omit<Lowered, 'graph'> {
    if (draft.kept?.made !== undefined) return draft.kept.made;
    // What is kept says how much memory it takes.
    if (draft.kept !== undefined) this.measured(draft);
    return this.whole(draft).whole;
  }

  /** Its memory, with which it is kept for the next process. */
  private measured(draft: Draft): ProgramMemory {
    if (draft.kept?.made !== undefined) return draft.kept.made.memory;
    if (draft.memory !== undefined) return draft.memory;
    const { whole } = this.whole(draft);
    const memory = memoryOf(whole);
    if (draft.kept !== undefined) this.kept?.keep(draft.kept.name, { ...whole, memory });
    return (draft.memory = memory);
  }

  private whole(draft: Draft): { readonly whole: Lowered; readonly lower: number } {
    if (draft.lowered !== undefined) return draft.lowered;
    const start = performance.now();
    const merged = mergeFilterGradients(draft.recording, mayMerge(this.options));
    const whole = lower(joinPads(fuseProducts(merged)), this.options);
    return (draft.lowered = { whole, lower: performance.now() - start });
  }
}

/** What was compiled of a draft that nobody takes. */
function release({ loading }: Draft): void {
  loading?.executable.then((executable) => executable.release()).catch(() => undefined);
}

function keyOf(state: Shapes, { inputs, scalars }: ProgramSignature): string {
  const sorted = [...state].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted, [...inputs], [...scalars].sort()]);
}
