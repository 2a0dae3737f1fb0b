import { z } from 'zod';

/** Where a run stands: everything that the state's tensors do not say. */
export const positionSchema = z.strictObject({
  /** Updates done, over all phases. */
  update: z.int().nonnegative(),
  /** Index of the current phase, and updates done in it. */
  phase: z.int().nonnegative(),
  phaseUpdate: z.int().nonnegative(),
  /** Evaluations that are due at this update and not done yet. */
  pending: z.array(z.string()),
  /** Whether a checkpoint is due once they are done. */
  checkpointDue: z.boolean(),
  /** Why the run ends early, where something asked for it. */
  stopped: z.string().nullable(),
  /** Whether the last update is done and the final evaluations were asked for. */
  ended: z.boolean(),
});

export type Position = z.infer<typeof positionSchema>;

export const startPosition: Position = {
  update: 0,
  phase: 0,
  phaseUpdate: 0,
  pending: [],
  checkpointDue: false,
  stopped: null,
  ended: false,
};
