import { ExitCode, messageOf, NcnError } from './error.js';

export const notPng = (where: string, cause: unknown): NcnError =>
  new NcnError(`${where} is not a PNG picture: ${messageOf(cause)}`, {
    code: 'NCN_PICTURE_FORMAT',
    exit: ExitCode.data,
    hint: 'Convert it to PNG; grey or colour, any bit depth.',
    cause,
  });

export const pictureUnreadable = (path: string, cause: unknown): NcnError =>
  new NcnError(`The picture ${path} cannot be read: ${messageOf(cause)}`, {
    code: 'NCN_PICTURE_UNREADABLE',
    exit: ExitCode.data,
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
