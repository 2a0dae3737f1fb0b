/** Samples a second of all sounds here. */
export const rate = 16_000;

/**
 * A digital resonator of gain 1 at 0 Hz: y[n] = a·x[n] + b·y[n−1] + c·y[n−2] (Klatt, "Software for a
 * cascade/parallel formant synthesizer", 1980, eq. 1 and 2).
 */
export class Resonator {
  private a = 1;
  private b = 0;
  private c = 0;
  private y1 = 0;
  private y2 = 0;

  /** @param frequency, bandwidth in Hz; the frequency is kept below 7.6 kHz */
  tune(frequency: number, bandwidth: number): this {
    const radius = Math.exp((-Math.PI * bandwidth) / rate);
    this.c = -radius * radius;
    this.b = 2 * radius * Math.cos((2 * Math.PI * Math.min(frequency, 7600)) / rate);
    this.a = 1 - this.b - this.c;
    return this;
  }

  /** Like {@link tune}, with a gain of 1 at its peak (nearly) in place of 0 Hz. */
  tunePeak(frequency: number, bandwidth: number): this {
    this.tune(frequency, bandwidth);
    const radius = Math.exp((-Math.PI * bandwidth) / rate);
    const sine = Math.abs(Math.sin((2 * Math.PI * Math.min(frequency, 7600)) / rate));
    this.a = (1 - radius) * Math.sqrt(1 + radius * radius - 2 * radius * (1 - 2 * sine * sine));
    return this;
  }

  /** As if nothing had come in: what rings at one frequency is loud at a much lower one. */
  reset(): this {
    this.y1 = 0;
    this.y2 = 0;
    return this;
  }

  next(x: number): number {
    const y = this.a * x + this.b * this.y1 + this.c * this.y2;
    this.y2 = this.y1;
    this.y1 = y;
    return y;
  }
}
