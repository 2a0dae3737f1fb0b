import { definePlugin, z } from 'ncn';

/** Tells a web address how a run ended. A message that cannot be sent never harms the run. */
export default definePlugin({
  name: 'log.webhook',
  version: '1.0.0',
  summary: 'posts JSON to a web address when a run ends, fails, is interrupted, or more',
  options: z.strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .nullable()
      .default(null)
      .describe('where to post; must be given'),
    events: z
      .array(z.enum(['start', 'evaluation', 'end', 'interruption', 'failure']))
      .default(['end', 'interruption', 'failure'])
      .describe('of what it tells'),
    timeout: z
      .number()
      .positive()
      .max(86_400)
      .default(10)
      .describe('seconds to wait for an answer'),
  }),
  setup({ hooks, log, options: { url, events, timeout } }) {
    hooks.configuration.tap(({ reject }) => {
      if (url === null) reject('log.webhook.url', 'an address is needed: https://…');
    });
    async function post(
      message: { readonly event: (typeof events)[number] } & Readonly<Record<string, unknown>>,
    ): Promise<void> {
      if (url === null || !events.includes(message.event)) return;
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
    hooks.runStart.tap(({ run }) =>
      post({ event: 'start', preset: run.preset, resumed: run.resumed, update: run.startedAt }),
    );
    hooks.evaluationEnd.tap(({ run, name, update, result }) => {
      const metrics = Object.fromEntries(result.metrics);
      return post({ event: 'evaluation', preset: run.preset, name, update, metrics });
    });
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
