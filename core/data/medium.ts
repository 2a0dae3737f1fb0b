import type { HostTensor } from '../engine/types.js';
import type { Shape } from './types.js';

/** A picture as bytes from 0 to 255, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** 1: brightness; 3: red, green, blue. */
  readonly channels: 1 | 3;
  /** height × width × channels. */
  readonly data: Uint8Array;
}

/** What a kind of signal is to people: how it is read, written, drawn, and shown in a page. */
export interface Medium {
  /** `image`, `audio`, … */
  readonly name: string;
  /** Whether signals of this shape are its own. */
  readonly fits: (shape: Shape) => boolean;
  /** Endings of the files that it reads, with their dot; it writes the first. */
  readonly extensions: readonly string[];
  /** MIME type of what it writes. */
  readonly mime: string;
  /**
   * One example from a file.
   * @param where names the file in errors
   * @param shape that the example must have
   * @throws NcnError where it is damaged, or of another kind or size
   */
  readonly decode: (bytes: Uint8Array, where: string, shape: Shape) => Promise<Float32Array>;
  /** One example as the content of a file. */
  readonly encode: (signal: HostTensor) => Promise<Uint8Array>;
  /** One example as a picture; the same for the same values, whatever else is drawn. */
  readonly draw: (signal: HostTensor) => Raster;
  /** The values that the darkest and the brightest part of a picture stand for. */
  readonly range?: readonly [low: number, high: number];
  /** Whether pages offer what `encode` writes to be played, beside its picture. */
  readonly plays?: boolean;
  /** Values a second along the first axis, where it is time. */
  readonly sampleRate?: number;
}

/** The media of an experiment. */
export class Media {
  constructor(readonly all: readonly Medium[]) {}

  /** The first whose own signals of this shape are; undefined where none says so. */
  of(shape: Shape): Medium | undefined {
    return this.all.find((medium) => medium.fits(shape));
  }
}
