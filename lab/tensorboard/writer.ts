import type { FileHandle } from 'node:fs/promises';
import type { RecordedOperation } from '../../core/engine/types.js';
import type { Picture } from '../../media/figures/picture.js';
import { AppendFile } from '../../core/run/append-file.js';
import { token } from '../../core/services/tokens.js';
import { graphMessage } from './graph.js';
import { histogramOf } from './histogram.js';
import {
  audioCodec,
  eventCodec,
  graphCodec,
  hparamsCodec,
  type EventMessage,
  type HParamMessage,
  type HParamsMessage,
  type SummaryValueMessage,
} from './messages.js';
import { endOfRecords, frameRecord, readRecords } from './records.js';

/** Constants of the formats. */
const fileVersion = 'brain.Event:2';
const stringType = 7;
const floatType = 1;
const dataClasses = { scalar: 1, blobs: 3 } as const;
const wavEncoding = 11;
const statusCodes = { success: 1, failure: 2, running: 3 } as const;

/** A number, and what is shown of it beside its tag. */
export type TaggedScalar = readonly [tag: string, value: number, about?: ScalarDescription];

export interface ScalarDescription {
  /** In place of the tag. */
  readonly name: string;
  /** Markdown. */
  readonly description: string;
}

/** Sound as a WAV file. */
export interface AudioClip {
  readonly wav: Uint8Array;
  readonly sampleRate: number;
  readonly channels: number;
  /** Values of each channel. */
  readonly frames: number;
}

/**
 * Writes a TensorBoard event file, at its end only: scalars, images, sound, histograms, text,
 * hyperparameters and the graph. Records are kept in memory until {@link write} or {@link flush}.
 *
 * Equal calls give records of equal length, also at other times: a TensorBoard that follows the
 * file goes on undisturbed when a resumed run writes its last records again.
 */
export class TensorBoardWriter {
  private constructor(
    private readonly file: AppendFile,
    private readonly now: () => number,
  ) {}

  /**
   * Opens the file, creating it where there is none; a record that a crash left torn is cut off.
   * @param now the time for the records, seconds since 1970
   * @throws NcnError where it cannot be opened for writing
   */
  static async open(
    path: string,
    now: () => number = () => Date.now() / 1000,
  ): Promise<TensorBoardWriter> {
    const writer = new TensorBoardWriter(await AppendFile.open(path, wholeRecords), now);
    writer.begin();
    return writer;
  }

  get path(): string {
    return this.file.path;
  }

  /** Where the next record begins, in bytes, counting what is not written yet. */
  get position(): number {
    return this.file.position;
  }

  scalar(tag: string, step: number, value: number): void {
    this.scalars(step, [[tag, value]]);
  }

  /** Several scalars of one step. */
  scalars(step: number, values: Iterable<TaggedScalar>): void {
    this.summary(
      step,
      [...values].map(([tag, simpleValue, about]) => {
        if (about === undefined) return { tag, simpleValue };
        // Each time, so that a resumed run writes the same; TensorBoard takes the first.
        const metadata = {
          pluginData: { pluginName: 'scalars' },
          displayName: about.name,
          summaryDescription: about.description,
          dataClass: dataClasses.scalar,
        };
        return { tag, metadata, simpleValue };
      }),
    );
  }

  image(tag: string, step: number, { png, width, height, channels }: Picture): void {
    const image = { height, width, colorspace: channels, encodedImageString: png };
    this.summary(step, [{ tag, image }]);
  }

  audio(tag: string, step: number, { wav, sampleRate, channels, frames }: AudioClip): void {
    const audio = {
      sampleRate,
      numChannels: channels,
      lengthFrames: frames,
      encodedAudioString: wav,
      contentType: 'audio/wav',
    };
    const content = audioCodec.encode({ encoding: wavEncoding });
    const metadata = {
      pluginData: { pluginName: 'audio', content },
      dataClass: dataClasses.blobs,
    };
    this.summary(step, [{ tag, metadata, audio }]);
  }

  /** How values are distributed, in 40 equal buckets; nothing where none is finite. */
  histogram(tag: string, step: number, values: Float32Array): void {
    const histo = histogramOf(values);
    if (histo !== undefined) this.summary(step, [{ tag, histo }]);
  }

  /** Markdown for the text tab. */
  text(tag: string, step: number, markdown: string): void {
    const tensor = {
      dtype: stringType,
      tensorShape: { dim: [] },
      stringVal: [Buffer.from(markdown)],
    };
    this.summary(step, [{ tag, metadata: { pluginData: { pluginName: 'text' } }, tensor }]);
  }

  /** The recorded training step, for the graphs tab; once. */
  graph(operations: readonly RecordedOperation[]): void {
    const graphDef = graphCodec.encode(graphMessage(operations));
    this.record({ wallTime: this.now(), graphDef });
  }

  /** The values by which the hparams tab tells runs apart; once, before anything else of the run. */
  hyperparameters(values: Readonly<Record<string, number | string | boolean>>): void {
    const hparams = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, hparam(value)]),
    );
    const sessionStartInfo = { hparams, startTimeSecs: this.now() };
    this.hparamsRecord('session_start_info', { version: 0, sessionStartInfo });
  }

  /** Says in the hparams tab how the run ended. */
  ended(status: keyof typeof statusCodes): void {
    const sessionEndInfo = { status: statusCodes[status], endTimeSecs: this.now() };
    this.hparamsRecord('session_end_info', { version: 0, sessionEndInfo });
  }

  /** Lets a TensorBoard that follows see everything so far. @throws NcnError for a full disk, … */
  write(): Promise<void> {
    return this.file.write();
  }

  /** Makes everything so far durable; to be called before {@link position} is kept. @throws NcnError */
  flush(): Promise<void> {
    return this.file.flush();
  }

  /**
   * Forgets everything after `position`, a value of {@link position} at some earlier time.
   * @returns false where the file is shorter: then nothing is cut, and records are missing
   * @throws NcnError where it cannot be cut
   */
  async truncateTo(position: number): Promise<boolean> {
    await this.flush();
    if (position > this.position) return false;
    await this.file.truncateTo(position, () => undefined);
    this.begin();
    return true;
  }

  /** Writes what is left and closes. @throws NcnError; the file is closed all the same */
  close(): Promise<void> {
    return this.file.close();
  }

  private begin(): void {
    if (this.position === 0) this.record({ wallTime: this.now(), fileVersion });
  }

  private summary(step: number, value: readonly SummaryValueMessage[]): void {
    if (value.length > 0) this.record({ wallTime: this.now(), step, summary: { value } });
  }

  private hparamsRecord(tag: string, message: HParamsMessage): void {
    const content = hparamsCodec.encode(message);
    const metadata = { pluginData: { pluginName: 'hparams', content } };
    // The message is in the metadata; the tensor is empty, as the plugin's own writer makes it.
    const tensor = { dtype: floatType, tensorShape: { dim: [{ size: 0 }] } };
    this.summary(0, [{ tag: `_hparams_/${tag}`, metadata, tensor }]);
  }

  private record(event: EventMessage): void {
    this.file.append(frameRecord(eventCodec.encode(event)));
  }
}

/** The writer of the run's event file, from `runStart` on where the plugin `tensorboard` is loaded. */
export const TensorBoardToken = token<TensorBoardWriter>('tensorboard');

function hparam(value: number | string | boolean): HParamMessage {
  if (typeof value === 'number') return { numberValue: value };
  return typeof value === 'string' ? { stringValue: value } : { boolValue: value };
}

async function wholeRecords(file: FileHandle, size: number): Promise<number> {
  const bytes = Buffer.alloc(size);
  await file.read(bytes, 0, size, 0);
  return endOfRecords(bytes);
}

/** The events of an event file's bytes, in order; what is torn at the end is left out. */
export function* readTensorBoard(bytes: Buffer): Generator<EventMessage, void, undefined> {
  for (const { data } of readRecords(bytes)) yield eventCodec.decode(data);
}
