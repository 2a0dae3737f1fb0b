import { describeData, fetchMnist, verifyMnist } from '../media/image/data/status.js';
import { publishedModels } from '../media/audio/metrics/published.js';
import { ExitCode } from '../core/errors/error.js';
import { unknownDataAction, unknownDownload } from './errors/usage.js';
import { jsonOf } from '../core/run/json.js';
import { openContext, type CommandContext, type GlobalOptions } from './context.js';
import { table } from './table.js';

export interface DataOptions extends GlobalOptions {
  readonly data?: string;
}

const actions = ['show', 'fetch', 'verify'];

/** `ncn data [show|fetch|verify]`, `ncn data fetch speech`, `dnsmos` or `gtcrn` */
export async function dataCommand(
  options: DataOptions,
  action: string,
  what = '',
): Promise<ExitCode> {
  const context = await openContext(options);
  const where = options.data === undefined ? {} : { dir: options.data };
  if (action === '' || action === 'show') return show(context, where);
  if (action === 'verify') return verify(context, where);
  if (action === 'fetch' && what === 'speech') {
    return (await import('./data-speech.js')).fetchSpeechCommand(context, where);
  }
  const model = publishedModels.get(what);
  if (action === 'fetch' && model !== undefined) {
    return (await import('./data-speech.js')).fetchModelCommand(context, model);
  }
  if (action === 'fetch' && !['', 'mnist'].includes(what))
    throw unknownDownload(what, ['mnist', 'speech', ...publishedModels.keys()]);
  if (action === 'fetch') return fetchAll(context, where);
  throw unknownDataAction(action, actions);
}

interface Where {
  readonly dir?: string;
}

async function show({ terminal }: CommandContext, where: Where): Promise<ExitCode> {
  const providers = await describeData(where);
  const rows = providers.map(({ name, summary, available }) => [
    name,
    available === true ? 'here' : available === false ? 'not here' : '',
    summary,
  ]);
  const places = providers.flatMap((provider) =>
    provider.places.flatMap((place) =>
      place.files.map((file) => [
        file.path ?? `${place.dir}/${file.name}`,
        file.state,
        file.problem ?? '',
      ]),
    ),
  );
  const mirrors = providers.flatMap(({ mirrors: list }) => list);
  const text = [
    table(['data set', '', ''], rows),
    '',
    table(['file of MNIST', '', ''], places),
    ...(mirrors.length === 0
      ? []
      : ['', `'ncn data fetch' would download from: ${mirrors.join(', ')}`]),
  ];
  terminal.result(text.join('\n'), jsonOf(providers));
  return ExitCode.ok;
}

async function verify({ terminal }: CommandContext, where: Where): Promise<ExitCode> {
  const { places, usable } = await verifyMnist(where);
  const rows = places.flatMap((place) =>
    place.files.map((file) => [
      file.path ?? file.name,
      file.state,
      file.problem ?? file.sha256 ?? '',
    ]),
  );
  const verdict =
    usable === undefined ? 'MNIST is not usable here.' : `MNIST is usable: ${usable.dir}`;
  terminal.result(
    `${table(['file', '', ''], rows)}\n\n${verdict}`,
    jsonOf({ places, usable: usable ?? null }),
  );
  return usable === undefined ? ExitCode.data : ExitCode.ok;
}

async function fetchAll({ terminal, log }: CommandContext, where: Where): Promise<ExitCode> {
  const report = (message: string): void => log.logger.info(message);
  const fetched = await fetchMnist({ ...where, report });
  const what =
    fetched.downloaded.length === 0
      ? 'everything was there'
      : `downloaded ${fetched.downloaded.join(', ')}`;
  terminal.result(`${fetched.dir}: ${what}`, jsonOf(fetched));
  return ExitCode.ok;
}
