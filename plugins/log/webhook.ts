import { definePlugin, z, type RunInfo } from 'ncn';

/** Whether `fetch` takes it: it refuses what holds a name and a password, and would log them. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

/** The environment variable that an option names: `NAME` of `env:NAME`. */
const variableIn = (url: string | null): string | undefined =>
  /^env:([A-Za-z_]\w*)$/.exec(url ?? '')?.[1];

/** Numbers that JSON has not are words, as in the files of a run. */
const finite = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

/** Tells a web address how a run ended. A message that cannot be sent never harms the run. */
export default definePlugin({
  name: 'log.webhook',
  version: '1.1.0',
  summary: 'posts JSON to a web address when a run ends, fails, is interrupted, or more',
  options: z.strictObject({
    url: z
      .string()
      .refine((text) => isAddress(text) || variableIn(text) !== undefined, {
        error:
          'expected an address (https://…, with no user in it), or env:NAME: the environment variable that holds it',
      })
      .nullable()
      .default(null)
      .describe(
        'where to post; must be given: https://…, or env:NAME, the environment variable that holds it',
      ),
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
    const variable = variableIn(url);
    // Read when it is needed: a run may be looked at where the variable is not set.
    const findAddress = (): string | undefined => {
      const found = (variable === undefined ? url : process.env[variable]) ?? '';
      return isAddress(found) ? found : undefined;
    };
    hooks.configuration.tap(({ reject, note }) => {
      if (url === null) reject('log.webhook.url', 'an address is needed: https://… or env:NAME');
      if (variable === undefined) {
        note(
          'log.webhook.url is written into the files of the run and its report; where it is a secret, name an environment variable: env:NAME',
        );
      }
    });
    async function post(
      event: (typeof events)[number],
      { preset, seed, directory }: RunInfo,
      more: Readonly<Record<string, unknown>>,
    ): Promise<void> {
      const address = findAddress();
      if (address === undefined || !events.includes(event)) return;
      try {
        const response = await fetch(address, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ event, preset, seed, directory, ...more }, finite),
          signal: AbortSignal.timeout(1000 * timeout),
        });
        if (!response.ok) log.warn(`the webhook answered ${response.status}`);
      } catch (error) {
        log.warn({ err: error }, 'the webhook could not be reached');
      }
    }
    hooks.runStart.tap(({ run }) => {
      if (findAddress() === undefined) {
        log.warn(`the environment variable ${variable ?? ''} holds no address: nothing is posted`);
      }
      return post('start', run, { resumed: run.resumed, update: run.startedAt });
    });
    hooks.evaluationEnd.tap(({ run, name, update, result }) =>
      post('evaluation', run, { name, update, metrics: Object.fromEntries(result.metrics) }),
    );
    hooks.runEnd.tap(
      ({ run, update, summary }) =>
        post('end', run, { update, summary: Object.fromEntries(summary) }),
      { stage: 'last' },
    );
    hooks.interruption.tap(({ run, update, signal }) =>
      post('interruption', run, { update, signal }),
    );
    hooks.failure.tap(({ run, update, error }) =>
      post('failure', run, {
        update,
        message: error instanceof Error ? error.message : String(error),
      }),
    );
  },
});
