import type { DatasetProvider } from '../../../core/data/types.js';
import { dataContext, type DataContext } from '../../files/places.js';
import { digitsProvider } from './digits.js';
import { emnistProvider, fashionProvider } from './likes.js';
import { pairsProvider } from './pairs.js';
import { glyphsProvider } from './glyphs.js';
import { idxProvider } from './idx-folder.js';
import { mnistProvider } from './mnist.js';

/** The data sets of images, the default first. */
export const imageProviders = (context: DataContext = dataContext()): DatasetProvider[] => [
  digitsProvider(context),
  mnistProvider(context),
  glyphsProvider(context),
  idxProvider,
  fashionProvider(context),
  emnistProvider(context),
  pairsProvider,
];
