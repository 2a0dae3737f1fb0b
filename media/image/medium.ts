import type { Medium, Raster } from '../../core/data/medium.js';
import type { HostTensor } from '../../core/engine/types.js';
import { decodePicture, encodeRaster, toBytes } from '../figures/png.js';

/** An image [height, width, 1 or 3], from 0 to 1, as it is drawn: a pixel for a pixel. */
export function imageRaster({ shape, data }: HostTensor): Raster {
  const [height = 1, width = 1, channels] = shape;
  return { width, height, channels: channels === 3 ? 3 : 1, data: toBytes(data) };
}

/** Images: grey [height, width, 1] or colour [height, width, 3], from 0 to 1, as PNG files. */
export const imageMedium: Medium = {
  name: 'image',
  fits: (shape) => shape.length === 3 && (shape[2] === 1 || shape[2] === 3),
  extensions: ['.png'],
  mime: 'image/png',
  async decode(bytes, where, [height = 0, width = 0, channels]) {
    const wanted = { width, height };
    return Promise.resolve(decodePicture(bytes, where, channels === 3 ? 3 : 1, wanted).data);
  },
  encode: (signal) => Promise.resolve(encodeRaster(imageRaster(signal))),
  draw: imageRaster,
  range: [0, 1],
};
