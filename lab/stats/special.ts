/** Functions that distributions are made of; Press et al., Numerical Recipes (2007), chapter 6. */

const tiny = 1e-300;
const precision = 1e-15;

/** ln Γ(x) for x > 0: Lanczos, g = 7, nine terms; relative error about 1e-15. */
export function logGamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const y = x - 1;
  let sum = 0.99999999999980993;
  coefficients.forEach((c, i) => (sum += c / (y + i + 1)));
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Regularised incomplete beta function I_x(a, b): its continued fraction, by Lentz's method. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  const fraction = lentz(1, (i) => {
    const m = Math.floor(i / 2);
    if (i % 2 === 0) return [(m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)), 1];
    return [(-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)), 1];
  });
  return front / (a * fraction);
}

/** Upper regularised incomplete gamma function Q(a, x), x ≥ 0. */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = a + 1; term > sum * precision; n++) {
      term *= x / n;
      sum += term;
    }
    return 1 - front * sum;
  }
  return front / lentz(x + 1 - a, (i) => [-i * (i - a), x + 2 * i + 1 - a]);
}

/** b₀ + a₁/(b₁ + a₂/(b₂ + …)), where `term` gives aᵢ and bᵢ. */
function lentz(b0: number, term: (i: number) => [number, number]): number {
  let value = b0;
  let c = b0;
  let d = 0;
  // odd terms of the beta fraction need √a of them; 100,000 is more than any test here asks for
  for (let i = 1; i < 100_000; i++) {
    const [a, b] = term(i);
    d = 1 / avoidZero(b + a * d);
    c = avoidZero(b + a / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < precision) break;
  }
  return value;
}

const avoidZero = (x: number): number => (Math.abs(x) < tiny ? tiny : x);
