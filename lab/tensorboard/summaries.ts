import type { RecordedOperation } from '../../core/engine/types.js';
import type { Picture } from '../../media/figures/picture.js';
import { graphMessage } from './graph.js';
import { histogramOf } from './histogram.js';
import {
  audioCodec,
  graphCodec,
  hparamsCodec,
  type EventMessage,
  type HParamMessage,
  type HParamsMessage,
  type SummaryValueMessage,
} from './messages.js';

/** Constants of the formats. */
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

/** Puts scalars, images, sound, histograms, text, hyperparameters and the graph into events of TensorBoard. */
export class TensorBoardRecords {
  /**
   * @param record takes each event
   * @param now the time for the events, seconds since 1970
   */
  constructor(
    private readonly record: (event: EventMessage) => void,
    private readonly now: () => number,
  ) {}

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
}

function hparam(value: number | string | boolean): HParamMessage {
  if (typeof value === 'number') return { numberValue: value };
  return typeof value === 'string' ? { stringValue: value } : { boolValue: value };
}
