import { badScaffoldName } from '../errors/scaffold.js';

/** What the files of a new package call it. */
export interface PackageNames {
  /** Last part of the folder: `my-plugin`. */
  readonly folder: string;
  /** npm package: `ncn-plugin-my-plugin`, or the folder's name where it says ncn itself. */
  readonly package: string;
  /** Plugin: `my-plugin`; preset: `my_plugin`. */
  readonly name: string;
}

/** @throws NcnError for a name that npm or ncn would refuse */
export function namesOf(kind: 'plugin' | 'preset', folder: string): PackageNames {
  if (!/^[a-z][a-z0-9-]*$/.test(folder)) throw badScaffoldName(folder);
  return {
    folder,
    package: folder.startsWith('ncn-') ? folder : `ncn-${kind}-${folder}`,
    name: kind === 'plugin' ? folder : folder.replaceAll('-', '_'),
  };
}
