import type { JobRecord } from './events.js';

/** What a sweep tells of while it runs. */
export type Happening =
  | {
      readonly kind: 'started';
      readonly record: JobRecord;
      readonly how: 'new' | 'resumed' | 'adopted';
    }
  | { readonly kind: 'done' | 'failed' | 'interrupted' | 'cancelled'; readonly record: JobRecord }
  | { readonly kind: 'damaged request'; readonly file: string }
  /** The sweep ends by an error: its jobs save their state and end, or are left to its successor. */
  | { readonly kind: 'giving up'; readonly jobs: readonly string[]; readonly leaving: boolean }
  | { readonly kind: 'tick'; readonly updates: ReadonlyMap<number, number> };
