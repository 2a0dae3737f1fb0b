/** Writes the index of the presets beside their files, once they are built. */
import { writePresetIndex } from '../core/experiment/preset-index.js';

await writePresetIndex();
// tf.js, which presets bring along, may leave something behind.
process.exit();
