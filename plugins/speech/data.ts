import { definePlugin, z } from 'ncn';
import { speechProvider } from 'ncn/media';

const count = () => z.int().positive();

const sizes = z.strictObject({
  clips: count().default(1600).describe('clips to train on, each of 16 random cuts'),
  testClips: count().default(24).describe('clips to evaluate on'),
  evaluate: z
    .enum(['valid', 'test'])
    .default('test')
    .describe('which speakers evaluations use; valid is for choosing between settings'),
  seconds: z
    .number()
    .min(1)
    .default(10)
    .describe('length of a clip; below 10, speech.metrics.span and .echoOnly must be shorter too'),
  cutSeconds: z.number().positive().default(3).describe('length of what is trained on'),
  rooms: count().default(300).describe('simulated rooms that the clips share'),
  seed: z.int().nonnegative().default(1).describe('of the clips: another seed of a run keeps them'),
  speakers: count().nullable().default(null).describe('speakers to train on; null: all'),
  pieces: count().nullable().default(null).describe('pieces of music to train on; null: all'),
});

const options = sizes.superRefine(({ seconds, cutSeconds }, context) => {
  if (cutSeconds <= seconds) return;
  context.addIssue({
    code: 'custom',
    path: ['cutSeconds'],
    message: `is longer than the clips that it is cut from: with seconds = ${seconds}, expected at most ${seconds}`,
  });
});

/** The simulated smart speaker: a person speaks while it plays music that it knows. */
export default definePlugin({
  name: 'speech.data',
  version: '1.1.0',
  summary: 'data set speech: speech, known music and noise in simulated rooms',
  options,
  setup({ hooks, options: { speakers, pieces, ...sizes } }) {
    const limited = speakers !== null || pieces !== null;
    const limit = { speakers: speakers ?? Infinity, pieces: pieces ?? Infinity };
    hooks.datasets.tap(({ add }) => {
      add(speechProvider({ ...sizes, ...(limited ? { limit } : {}) }), { default: true });
    });
  },
});
