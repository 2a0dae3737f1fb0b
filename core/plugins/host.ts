import { fileURLToPath } from 'node:url';
import { version } from '../version.js';

/** One loaded copy of ncn. Two copies have two, even of one version in one folder. */
export interface HostCopy {
  readonly version: string;
  readonly path: string;
}

/** This copy. */
export const hostCopy: HostCopy = {
  version,
  path: fileURLToPath(new URL('../..', import.meta.url)),
};
