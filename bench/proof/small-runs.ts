import { join } from 'node:path';
import { command, folder, outcomeOf, smallData, type Surroundings } from './command.js';

/** Where the pictures come from, and sizes of the networks: as small as can be. */
export const smallPictures = (data: string): string[] => [
  ...['--dataset', `idx:${data}`, '--batch', '2'],
  ...set('generator.resconvnet.width=2', 'generator.resconvnet.depth=1', 'evaluation.examples=4'),
  ...set('evaluation.testExamples=8', 'evaluation.testBatch=2'),
];

/** Sounds that come with ncn. Measuring a clip of ten seconds takes seconds itself. */
const sounds = [
  ...['--dataset', 'speech:embedded', '--batch', '1', '--without', 'speech.dnsmos'],
  ...set('speech.data.clips=2', 'speech.data.testClips=1', 'speech.data.rooms=1'),
  ...set('speech.data.cutSeconds=0.5', 'evaluation.examples=1'),
  ...set('speech.generator.filters=[2,2]', 'speech.generator.width=4'),
  ...set('speech.generator.dilations=[1,2]'),
  ...set(
    'speech.metrics.leaveOut=["sdr","sdrGain","sdrMicrophone","sdrCanceller","leak","collapseRate","stoi","estoi","stoiCanceller","estoiCanceller","stoiMicrophone","estoiMicrophone"]',
    'speech.metrics.speexdsp=false',
  ),
];

/** Families of presets: all have evaluations and checkpoints, and one has two phases. */
const families = {
  gans: (data: string) => [
    ...['--preset', 'dcgans_v7', ...smallPictures(data)],
    ...set('pretraining.updates=8', 'discriminator.vanilla.width=0.0157'),
  ],
  cnn: (data: string) => ['--preset', 'dcnn_v1', ...smallPictures(data)],
  conditional: (data: string) => [
    ...['--preset', 'conditional_v5', ...smallPictures(data)],
    ...set('discriminator.conditional.width=0.0157'),
  ],
  speech: () => ['--preset', 'speech_cnn_v1', ...sounds],
} as const;

export type Family = keyof typeof families;

/** What is run: which experiment, and on what. */
export interface Kind {
  readonly family: Family;
  readonly engine: 'compiled' | 'wasm' | 'cpu' | 'webgpu' | 'compiled:webgpu';
}

export const ordinary: Kind = { family: 'gans', engine: 'wasm' };

/** The command of a run of some seconds. */
export const smallRun = (data: string, run: string, kind: Kind = ordinary): string[] => [
  ...['run', ...families[kind.family](data), '--run-dir', run],
  ...['--engine', kind.engine, '--threads', '1', '--updates', '8'],
  ...['--eval-every', '3', '--checkpoint-every', '2'],
  ...set('metrics.every=2', 'tensorboard.every=2'),
];

/** What a run of this kind ends with when nothing befalls it. */
export interface Reference {
  readonly run: string;
  readonly outcome: string;
  readonly milliseconds: number;
}

/** Runs to compare with, each made when it is first asked for. */
export class References {
  readonly data = smallData();
  private readonly made = new Map<string, Promise<Reference>>();

  /** @param surroundings what its engine needs */
  of(kind: Kind = ordinary, surroundings: Surroundings = {}): Promise<Reference> {
    const key = `${kind.family} ${kind.engine}`;
    const known = this.made.get(key) ?? this.make(kind, surroundings);
    this.made.set(key, known);
    return known;
  }

  private async make(kind: Kind, surroundings: Surroundings): Promise<Reference> {
    const run = join(folder(), 'reference');
    const began = performance.now();
    const { code, text } = await command(smallRun(this.data, run, kind), undefined, surroundings);
    if (code !== 0) throw new Error(`the run that nothing befalls failed:\n${text}`);
    return { run, outcome: outcomeOf(run), milliseconds: performance.now() - began };
  }
}

function set(...values: readonly string[]): string[] {
  return values.flatMap((value) => ['--set', value]);
}
