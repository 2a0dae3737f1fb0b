/** The post's experiments in its order, and what it says of each by eye. */
export const postVerdicts: Readonly<Record<string, string>> = {
  dcnn_v1: 'good',
  dcnn_v2: 'good',
  dcnn_v3: 'worse',
  dcnn_v5: 'not bad',
  dcgans_v1: 'good',
  dcgans_v2: 'fails',
  dcgans_v3: 'fails',
  dcgans_v4: 'good',
  dcgans_v5: 'fails',
  dcgans_v6: 'fails',
  dcgans_v7: 'good',
  conditional_v1: 'worse than v3',
  conditional_v2: 'worse than v3',
  conditional_v3: 'good',
  conditional_v4: 'as v3',
  conditional_v5: 'good',
};

/** Names of the sixteen presets. */
export const postExperiments: readonly string[] = Object.keys(postVerdicts);
