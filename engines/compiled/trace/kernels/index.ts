// Each file says how the kernels of one family are recorded.
import './activations.js';
import './contractions.js';
import './convolutions.js';
import './depthwise.js';
import './elementwise.js';
import './indexing.js';
import './local-response.js';
import './making.js';
import './normalisation.js';
import './pooling.js';
import './reductions.js';
import './resizing.js';
import './shapes.js';
import './slicing.js';
import './sorting.js';
