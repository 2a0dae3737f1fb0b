/** Every preset that trains: the sixteen of the post, and the script beside them. */
export const presetNames = [
  ...['v1', 'v2', 'v3', 'v5'].map((v) => `dcnn_${v}`),
  ...['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7'].map((v) => `dcgans_${v}`),
  ...['v1', 'v2', 'v3', 'v4', 'v5', 'v6'].map((v) => `conditional_${v}`),
];
