import { RandomStreams } from '../../../core/random/streams.js';
import { between, chance } from './draw.js';

/** What is one speaker's own, whatever he or she says. */
export interface Speaker {
  readonly kind: 'man' | 'woman' | 'child';
  /** Mean pitch in Hz. */
  readonly pitch: number;
  /** Semitones by which a stress raises the pitch. */
  readonly liveliness: number;
  /** Formant frequencies relative to those of men: the vocal tract is shorter by it. */
  readonly tract: number;
  /** A dialect: each formant by a factor. */
  readonly accent: readonly [number, number, number, number];
  /** Durations are divided by it. */
  readonly tempo: number;
  /** Part of a period in which the glottis is open. */
  readonly openQuotient: number;
  /** Hz from which on the glottal spectrum falls faster. */
  readonly tilt: number;
  /** Noise in the voice, relative to it. */
  readonly breath: number;
  /** Deviation of a period's length, relative. */
  readonly jitter: number;
  /** Seconds between phrases, on average. */
  readonly pause: number;
  /** How much the microphone favours high frequencies: 0 or more. */
  readonly brightness: number;
  /** Background of the recording, relative to the loudest sample. */
  readonly floor: number;
}

type Ranges = Readonly<Record<Speaker['kind'], readonly [low: number, high: number]>>;

/** The speaker of a number: the same in every run. */
export function speakerOf(index: number): Speaker {
  const random = new RandomStreams(0).at('synthesis/speaker', index);
  const draw = random.uniform();
  const kind = draw < 0.45 ? 'man' : draw < 0.9 ? 'woman' : 'child';
  const pitches: Ranges = { man: [92, 145], woman: [160, 225], child: [205, 240] };
  const tracts: Ranges = { man: [0.92, 1.06], woman: [1.1, 1.22], child: [1.25, 1.4] };
  const own = (): number => between(random, 0.95, 1.05);
  return {
    kind,
    pitch: between(random, ...pitches[kind]),
    liveliness: between(random, 0.8, 4),
    tract: between(random, ...tracts[kind]),
    accent: [own(), own(), own(), own()],
    tempo: between(random, 0.8, 1.3) * (kind === 'child' ? 0.9 : 1),
    openQuotient: between(random, 0.45, 0.75),
    tilt: between(random, 2500, 7000),
    breath: between(random, 0.005, 0.06) * (chance(random, 0.15) ? 3 : 1),
    jitter: between(random, 0.004, 0.015),
    pause: between(random, 0.2, 0.6),
    brightness: between(random, 0, 0.8),
    floor: 10 ** between(random, -4, -3),
  };
}
