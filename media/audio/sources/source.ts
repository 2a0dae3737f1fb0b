import { soundIndex } from '../../errors/sources.js';

/** Sounds that clips are made of, by index: 16 kHz, one channel. */
export interface SoundSource {
  readonly name: string;
  readonly count: number;
  /** SHA-256 (hex) of what the sounds are made of: another one means other sounds. */
  readonly hash: string;
  /** Who or what: two sounds of one group are of one speaker or piece. */
  groupOf(index: number): string;
  /**
   * The samples; the caller does not change them, as the next one may be given the same array.
   * @throws NcnError where it is missing, damaged or no sound, and (`NCN_SOUND_INDEX`) where there is
   * none of that index
   */
  read(index: number): Promise<Float32Array>;
}

export type SoundKind = 'speech' | 'music' | 'noise';

export type Split = 'train' | 'valid' | 'test';

/** @throws NcnError (`NCN_SOUND_INDEX`) */
export function itemAt<T>(name: string, items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw soundIndex(name, index, items.length);
  return item;
}
