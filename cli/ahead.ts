import type { PresetLibrary } from '../core/experiment/library.js';
import { dataContext } from '../media/files/places.js';
import { readMnistAhead } from '../media/image/data/mnist-read.js';

/**
 * Begins to read what a run will need, while the modules of the command are loaded: MNIST, where a preset of ncn's takes
 * its images from wherever they are, and no option says otherwise.
 */
export function readAhead(
  library: PresetLibrary,
  preset: string,
  options: Readonly<Record<string, unknown>>,
): void {
  const sets: unknown[] = Array.isArray(options['set']) ? options['set'] : [];
  const given = [...sets, ...Object.keys(options)];
  if (given.some((one) => typeof one === 'string' && one.startsWith('data'))) return;
  if (!library.has(preset)) return;
  const plugins = library.lineage(preset).flatMap((one) => one.plugins);
  if (plugins.some(({ plugin }) => plugin === 'image.data')) void readMnistAhead(dataContext());
}
