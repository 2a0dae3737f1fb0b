/** Grey images, one byte a pixel (0 black, 255 white), stored one after the other. */
export interface GreyImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** count × height × width bytes. */
  readonly pixels: Uint8Array;
}
