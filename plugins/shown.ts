import { MediaToken, type EvaluatedBatch, type Media, type PluginContext, type RunInfo } from 'ncn';
import { shownSignals, type ShownSignal } from 'ncn/media';

/** What was said of a run: several plugins show the same signals, and one of them says it. */
const said = new WeakMap<Media, Set<string>>();

/**
 * What can be shown of an evaluation: roles that the main network is given first, the output last.
 * What no medium fits is left out, and said once for each run.
 */
export function shownIn(
  { services, log }: Pick<PluginContext<unknown>, 'services' | 'log'>,
  run: RunInfo,
  shown: EvaluatedBatch,
): ShownSignal[] {
  const media = services.get(MediaToken);
  const known = said.get(media) ?? new Set();
  said.set(media, known);
  return shownSignals(media, run.inputs, shown, (role, shape) => {
    if (known.has(role)) return;
    known.add(role);
    log.info(
      `'${role}' is not shown: no medium fits its shape [${shape.join(', ')}]; plugins offer media in the hook 'media'`,
    );
  });
}
