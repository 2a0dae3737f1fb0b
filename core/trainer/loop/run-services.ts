import type { EngineSession } from '../../engine/types.js';
import type { RunDirectory } from '../../run/directory.js';
import { EngineToken, RunDirectoryToken, StepGraphToken } from '../../services/core-tokens.js';
import type { Prepared } from '../build/prepare.js';
import { describeStep } from '../build/state.js';

/** What plugins can ask for once there is a run, whether it trains or is evaluated again. */
export function provideRunServices(
  prepared: Prepared,
  session: EngineSession,
  directory: RunDirectory,
): void {
  const { services } = prepared;
  services.provide(EngineToken, session.engine);
  services.provide(RunDirectoryToken, directory);
  services.provideLazily(StepGraphToken, () => describeStep(prepared, session));
}
