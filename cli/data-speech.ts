import { ExitCode } from '../core/errors/error.js';
import { jsonOf } from '../core/run/json.js';
import { fetchSpeech } from '../media/audio/sources/fetch.js';
import { fetchModel, type PublishedModel } from '../media/audio/metrics/published.js';
import type { CommandContext } from './context.js';

/** `ncn data fetch speech [--data DIR]`: an interrupt ends it; run again, it goes on. */
export async function fetchSpeechCommand(
  { terminal, log }: CommandContext,
  where: { readonly dir?: string },
): Promise<ExitCode> {
  const report = (message: string): void => log.logger.info(message);
  const fetched = await fetchSpeech({ ...where, report });
  const { dir, count, downloaded, leftOut } = fetched;
  const what = downloaded === 0 ? 'everything was there' : `downloaded ${downloaded} files`;
  const without = leftOut.length === 0 ? '' : `, without ${leftOut.length} responses of rooms`;
  terminal.result(`${dir}: ${what}; ${count} sounds${without}`, jsonOf(fetched));
  return ExitCode.ok;
}

/** `ncn data fetch dnsmos` or `gtcrn` */
export async function fetchModelCommand(
  { terminal, log }: CommandContext,
  model: PublishedModel,
): Promise<ExitCode> {
  const report = (message: string): void => log.logger.info(message);
  const fetched = await fetchModel(model, { report });
  terminal.result(
    `${fetched.path}: ${fetched.downloaded ? 'downloaded' : 'it was there'}`,
    jsonOf(fetched),
  );
  return ExitCode.ok;
}
