import { ExitCode, messageOf, NcnError } from '../../core/errors/error.js';

export const notPng = (where: string): NcnError =>
  new NcnError(`${where} is not a PNG picture: it does not begin like one.`, {
    code: 'NCN_PICTURE_FORMAT',
    exit: ExitCode.data,
    hint: 'Convert it to PNG; grey or colour, any bit depth.',
  });

export const pictureCorrupt = (where: string, cause: unknown): NcnError =>
  new NcnError(`The PNG picture ${where} is corrupt: ${messageOf(cause)}.`, {
    code: 'NCN_PICTURE_CORRUPT',
    exit: ExitCode.data,
    hint: 'It may be cut short or changed; copy or export it again.',
    cause,
  });

export const pictureSize = (
  path: string,
  width: number,
  height: number,
  wanted: string,
): NcnError =>
  new NcnError(`The picture ${path} is ${width}×${height}; ${wanted} was expected.`, {
    code: 'NCN_PICTURE_SIZE',
    exit: ExitCode.data,
    hint: 'Crop or scale it first: the network was trained on images of that size.',
  });

export const badRasters = (problem: string): NcnError =>
  new NcnError(`These pictures cannot be drawn together: ${problem}.`, {
    code: 'NCN_PICTURE_RASTER',
    exit: ExitCode.plugin,
    hint: "A medium's `draw` gives height × width × channels bytes, and pictures of one size for signals of one shape.",
  });
