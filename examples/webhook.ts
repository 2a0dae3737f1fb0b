import { definePlugin, z } from 'ncn';

/** Tells a web address how a run ended. A message that cannot be sent never harms the run. */
export default definePlugin({
  name: 'webhook',
  version: '1.0.0',
  summary: 'posts JSON to a web address when the run ends, fails or is interrupted',
  options: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('where to post; has no default'),
    timeout: z.number().positive().default(10).describe('seconds to wait for an answer'),
  }),
  setup({ hooks, log, options: { url, timeout } }) {
    async function post(message: Readonly<Record<string, unknown>>): Promise<void> {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(message),
          signal: AbortSignal.timeout(1000 * timeout),
        });
        if (!response.ok) log.warn(`the webhook answered ${response.status}`);
      } catch (error) {
        log.warn({ err: error }, 'the webhook could not be reached');
      }
    }
    hooks.runEnd.tap(
      ({ run, update, summary }) =>
        post({ event: 'end', preset: run.preset, update, summary: Object.fromEntries(summary) }),
      { stage: 'last' },
    );
    hooks.interruption.tap(({ run, update, signal }) =>
      post({ event: 'interruption', preset: run.preset, update, signal }),
    );
    hooks.failure.tap(({ run, update, error }) => {
      const message = error instanceof Error ? error.message : String(error);
      return post({ event: 'failure', preset: run.preset, update, message });
    });
  },
});
