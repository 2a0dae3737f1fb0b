import { faultOfPng } from '../../media/figures/png-header.js';
import { faultOfWav } from '../../media/sound/wav.js';
import type { RunSource } from './source.js';

/** What is known of files, until they change: a page that is followed asks again and again. */
const known = new WeakMap<
  RunSource,
  Map<string, { readonly stamp: string; readonly fault: Fault }>
>();

type Fault = string | undefined;

/** How kinds of files are checked; of others it is only known whether they are empty. */
const checks: Readonly<Record<string, (bytes: Buffer) => Fault>> = {
  'image/png': faultOfPng,
  'audio/wav': faultOfWav,
};

/**
 * What is wrong with a picture or a sound of a run, for people: `is cut off`; undefined where it can be
 * shown, or played.
 * @throws NcnError where it cannot be read
 */
export async function faultOf(source: RunSource, name: string, mime: string): Promise<Fault> {
  const stamp = await source.stamp(name);
  const files = known.get(source) ?? new Map<string, { stamp: string; fault: Fault }>();
  known.set(source, files);
  const before = files.get(name);
  if (before?.stamp === stamp) return before.fault;
  const bytes = stamp === '' ? undefined : await source.bytes(name);
  const check = checks[mime] ?? ((all: Buffer) => (all.length === 0 ? 'is empty' : undefined));
  const fault = bytes === undefined ? 'is missing' : check(bytes);
  files.set(name, { stamp, fault });
  return fault;
}
