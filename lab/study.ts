import type { JsonObject } from '../core/run/json.js';
import type { JobRecord } from './sweep/events.js';

/** A finished or unfinished sweep of a study, and what was asked for. */
export interface StudySweep {
  /** Folder that the runs are in, and the report will be. */
  readonly directory: string;
  readonly records: readonly JobRecord[];
  /** The command that gives the same numbers. */
  readonly command: string;
  /** The command but for `--seeds` and `--presets`: runs with the same are of one scale. */
  readonly settings: string;
  readonly profile: string;
  /** Ascending. */
  readonly seeds: readonly number[];
  /** A folder of documents that gets the report, too. */
  readonly documents?: string;
}

export interface StudyTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a report says, for the console. */
export interface StudyReport {
  readonly tables: readonly StudyTable[];
  /** Of each experiment that lacks runs, which; empty when everything is done. */
  readonly missing: readonly string[];
  /** What was written where, a line each. */
  readonly written: readonly string[];
  /** The same for programs. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface StudyVariant {
  readonly preset: string;
  readonly variant: string;
}

/** Experiments that are run as one sweep, and the question that they answer together. */
export interface StudyDefinition {
  /** Names of the presets, in their order. */
  readonly experiments: readonly string[];
  /** Variants that are run beside them, unless the user names presets or a variant. */
  readonly variants?: readonly StudyVariant[];
  /** Values by path of every run, unless the user sets others. */
  readonly set: JsonObject;
  /**
   * Refuses a folder of documents in which pages of others stand where the report's would be; asked before anything is run.
   * @throws NcnError as `readOwnPage` does
   */
  readonly expectOwnPages?: (documents: string) => Promise<void>;
  /** Writes the report of what is done so far. @throws NcnError where it cannot */
  readonly report: (sweep: StudySweep) => Promise<StudyReport>;
}

export type Study = StudyDefinition & { readonly ncnStudy: 1 };

/** Declares a study: the default export of `studies/NAME/index.ts`. */
export const defineStudy = (definition: StudyDefinition): Study => ({ ...definition, ncnStudy: 1 });

export const isStudy = (value: unknown): value is Study =>
  typeof value === 'object' && value !== null && Reflect.get(value, 'ncnStudy') === 1;
