import { long } from './long.js';

/** Every preset that trains: the sixteen of the post, and the script beside them. */
export const presetNames = [
  ...['v1', 'v2', 'v3', 'v5'].map((v) => `dcnn_${v}`),
  ...['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7'].map((v) => `dcgans_${v}`),
  ...['v1', 'v2', 'v3', 'v4', 'v5', 'v6'].map((v) => `conditional_${v}`),
];

const often = ['dcnn_v1', 'dcnn_v3', 'dcgans_v2', 'dcgans_v7', 'conditional_v3', 'conditional_v5'];

/** One or two of each kind of experiment, which differ in what is computed; all in `npm run test:long`. */
export const somePresets = presetNames.filter((name) => long || often.includes(name));
