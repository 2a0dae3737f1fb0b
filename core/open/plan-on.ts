import type { EngineSession } from '../engine/types.js';
import type { Host, Prepared } from '../trainer/build/prepare.js';
import { memoryNeed } from '../trainer/estimate/memory.js';
import { makePlan, type Plan } from '../trainer/estimate/plan.js';
import { channelsOf, measureSpeed } from '../trainer/estimate/speed.js';

/** The plan of an experiment on an engine, whose speed is known from before or measured. */
export async function planOn(
  session: EngineSession,
  prepared: Prepared,
  host: Host,
): Promise<Plan> {
  const channels = channelsOf(prepared.built.networks.values());
  const speed = await (host.speeds?.of(session, channels) ?? measureSpeed(session, channels));
  return makePlan(prepared, session.engine, speed, memoryNeed(prepared, session));
}
