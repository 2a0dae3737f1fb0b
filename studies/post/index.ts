/** The study of the post's sixteen experiments: what its report is made with. */
export { analyse } from './analysis.js';
export { collectResults } from './collect.js';
export { describeMissing } from './conditions.js';
export { postExperiments } from './experiments.js';
export { claimCells, claimHead, experimentCells, experimentHead } from './markdown.js';
export { reportFolder, writeReport } from './write.js';
