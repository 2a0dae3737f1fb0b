import type { EvaluationImages } from 'ncn';

/**
 * The first images' pixels as bytes from 0 to 255, in Base64: as precise as they are shown, and
 * small enough for a checkpoint.
 * @param all count × height × width
 */
export function packed(
  { height, width }: EvaluationImages,
  all: Float32Array,
  count: number,
): string {
  const pixels = all.subarray(0, count * height * width);
  // A Uint8ClampedArray rounds, and takes NaN for 0.
  return Buffer.from(Uint8ClampedArray.from(pixels, (p) => p * 255)).toString('base64');
}

export const unpacked = (text: string): Float32Array =>
  Float32Array.from(Buffer.from(text, 'base64'), (byte) => byte / 255);
