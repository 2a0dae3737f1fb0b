import type { DatasetProvider } from '../../../core/data/types.js';
import type { DataContext } from '../../files/places.js';
import { loadGlyphs } from './glyphs.js';
import { imageOutline } from './images.js';
import { obtainMnist } from './mnist.js';

/** Nobody asked for a download in so many words: it must not make them wait long. */
const patience = 5_000;

/**
 * MNIST where it is found or can be downloaded (not with NCN_OFFLINE=1), else glyphs, with a
 * notice. Files that are there and are not MNIST's are an error, and so is a folder of the request
 * without MNIST: nothing is replaced in silence.
 */
export const digitsProvider = (context: DataContext): DatasetProvider => ({
  name: 'digits',
  summary: 'mnist, or glyphs where MNIST is not to be had',
  async load(request) {
    const outcome = await obtainMnist(request, context, patience);
    if ('dataset' in outcome) return outcome.dataset;
    const { unavailable, nowhere, cause } = outcome;
    const why = cause === undefined ? unavailable : `${nowhere}, nor to be downloaded`;
    request.report?.(`MNIST was not available (${why}): the embedded glyphs take its place.`);
    // Short: every table and picture made from this data carries it.
    const notice = 'Trained on the embedded glyphs data set: MNIST was not available.';
    return { ...(await loadGlyphs(context)), notice };
  },
  outline: () => imageOutline('digits', [60_000, 10_000], [28, 28]),
});
