import type { RandomSequence } from '../../../core/random/streams.js';
import type { Formants } from './phones.js';
import { vowels } from './phones.js';
import { rate, Resonator } from './resonator.js';
import type { Speaker } from './speaker.js';
import type { Segment } from './utterance.js';

/** Samples for which filters stay as they are: 5 ms. */
const frame = 80;

/** Bandwidths of the four formants in Hz. */
const widths = [70, 100, 150, 220] as const;

/** Pitch is kept within this, in Hz. */
const [lowest, highest] = [85, 260];

/** Part of the way to a new value that is gone in one sample, for a time constant in seconds. */
const toward = (seconds: number): number => 1 - Math.exp(-1 / (seconds * rate));

const slow = toward(0.007);
const fast = toward(0.0008);

/** A speaker's voice and mouth, which say one segment after the other into a signal. */
export class Voice {
  private at = 0;
  private formants: Formants = vowels.schwa;
  private raise = 0;
  private damping = 1;
  private readonly tract = [
    new Resonator(),
    new Resonator(),
    new Resonator(),
    new Resonator(),
  ] as const;
  /** What is above the fourth formant does not move. */
  private readonly upper: readonly [Resonator, Resonator, Resonator];
  /** Of the noise from a narrow place, twice for steep sides. */
  private readonly place = [new Resonator(), new Resonator()] as const;
  private readonly tilt: number;
  private readonly amplitudes = { voice: 0, breath: 0, hiss: 0 };
  private phase = 0;
  /** This period's length and loudness, relative. */
  private period = 1;
  private loudness = 1;
  private tilted = 0;

  /** @param noise twice as long as `out`, uniform in [−1, 1) */
  constructor(
    private readonly speaker: Speaker,
    private readonly random: RandomSequence,
    private readonly noise: Float32Array,
    private readonly out: Float32Array,
  ) {
    const fixed = (frequency: number): Resonator =>
      new Resonator().tune(frequency * Math.min(speaker.tract, 1.1), 700);
    this.upper = [fixed(4500), fixed(5600), fixed(6900)];
    this.tilt = toward(1 / (2 * Math.PI * speaker.tilt));
  }

  get isDone(): boolean {
    return this.at >= this.out.length;
  }

  speak(segment: Segment): void {
    const from = this.formants;
    const begin = this.at;
    const length = Math.max(1, Math.round(segment.length * rate));
    const end = Math.min(begin + length, this.out.length);
    const { hiss } = segment;
    if (hiss.level > 0) {
      for (const band of this.place) band.reset().tunePeak(hiss.centre, hiss.width);
    }
    while (this.at < end) {
      const t = Math.min(1, (this.at - begin + frame / 2) / length);
      const eased = t * t * (3 - 2 * t);
      // A filter that changes at once clicks.
      this.damping += (segment.damping - this.damping) * 0.25;
      this.tract.forEach((resonator, i) => {
        const start = from[i] ?? 0;
        const now = start + ((segment.formants[i] ?? 0) - start) * eased;
        resonator.tune(now, (widths[i] ?? 0) * this.damping * this.speaker.tract);
      });
      this.raise += (segment.raise - this.raise) * 0.09;
      this.render(segment, this.pitchAt(segment.along), Math.min(this.at + frame, end));
    }
    this.formants = segment.formants;
  }

  /** The line of a phrase falls by three semitones; stresses rise above it. */
  private pitchAt(along: number): number {
    const pitch = this.speaker.pitch * 2 ** ((1.5 - 3 * along + this.raise) / 12);
    return Math.max(lowest, Math.min(highest, pitch));
  }

  private render(segment: Segment, pitch: number, end: number): void {
    const { amplitudes, noise, out, speaker } = this;
    const [f1, f2, f3, f4] = this.tract;
    const [f5, f6, f7] = this.upper;
    const [steep, steeper] = this.place;
    const hissing = segment.hiss.level > amplitudes.hiss ? fast : slow;
    for (; this.at < end; this.at++) {
      amplitudes.voice += (segment.voice - amplitudes.voice) * slow;
      amplitudes.breath += (segment.breath - amplitudes.breath) * slow;
      amplitudes.hiss += (segment.hiss.level - amplitudes.hiss) * hissing;
      const step = pitch / (this.period * rate);
      const pulse = this.glottis(step);
      const airy = noise[this.at] ?? 0;
      const breath = amplitudes.breath + amplitudes.voice * speaker.breath;
      const open = this.phase < speaker.openQuotient ? 1 : 0.3;
      const source = amplitudes.voice * pulse + breath * airy * open;
      const mouth = f4.next(f3.next(f2.next(f1.next(source))));
      const hiss = steeper.next(steep.next(noise[this.at + out.length] ?? 0));
      out[this.at] = f7.next(f6.next(f5.next(mouth))) + amplitudes.hiss * hiss;
    }
  }

  /**
   * One sample of the flow's derivative: 2x − 3x² while the glottis is open, x from 0 to 1 (Klatt and
   * Klatt 1990, eq. 1), 0 while it is closed; the step of the closure is smoothed over two samples
   * (polynomial BLEP, Välimäki 2007).
   */
  private glottis(step: number): number {
    const { speaker, random } = this;
    this.phase += step;
    if (this.phase >= 1) {
      this.phase -= 1;
      this.period = 1 + speaker.jitter * random.normal();
      this.loudness = 1 + 3 * speaker.jitter * random.normal();
    }
    const open = speaker.openQuotient;
    const x = this.phase / open;
    let flow = x < 1 ? 2 * x - 3 * x * x : 0;
    const past = (this.phase - open) / step;
    if (past >= 0 && past < 1) flow -= (1 - past) ** 2 / 2;
    else if (past >= -1 && past < 0) flow += (1 + past) ** 2 / 2;
    this.tilted += (flow * this.loudness - this.tilted) * this.tilt;
    return this.tilted;
  }
}
