import { defineProfile } from 'ncn';

export default defineProfile({
  name: 'documented',
  summary: 'exactly the sizes of the post; for GPUs',
  set: {},
});
