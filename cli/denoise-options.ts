import { optionsUnused } from './errors/signals.js';
import type { OpenRunOptions } from './open-run.js';
import { flagOf } from './short-options.js';

/** What the command line gives `ncn denoise`. */
export interface DenoiseOptions extends OpenRunOptions {
  readonly input?: string;
  readonly reference?: string;
  /** `name=file` of further inputs. */
  readonly signal?: readonly string[];
  /** Takes the inputs from this example of the test set, and writes them beside the output. */
  readonly example?: number;
  readonly output?: string;
  /** Of a recording: how. */
  readonly method?: string;
  /** Of a recording: whose network. */
  readonly run?: string;
  /** Samples from standard input to standard output. */
  readonly stream?: boolean;
  /** Of a stream: milliseconds by which the reference comes later in the microphone's signal. */
  readonly delay?: number;
}

type Option = keyof DenoiseOptions;

/** What concerns the output of any command, and the order of options, which nobody gives. */
const anyForm: readonly Option[] = ['json', 'quiet', 'traceHooks', 'order'];

const settings: readonly Option[] = [
  ...(['set', 'plugin', 'without', 'trustPlugins', 'seed', 'updates', 'batch', 'dataset'] as const),
  ...(['data', 'engine', 'threads', 'evalEvery', 'checkpointEvery', 'hookTimeout'] as const),
];

/** What can be denoised: in words, and the options that say how. */
const forms = {
  stream: ['A stream', ['stream', 'method', 'run', 'delay']],
  recording: ['A recording', ['reference', 'output', 'method', 'run']],
  run: ["A run's network", ['input', 'reference', 'signal', 'example', 'output']],
} as const;

/**
 * Options that would change nothing are a mistake: `--output` beside `--stream` leaves the file unwritten.
 * @throws NcnError (`NCN_USAGE_DENOISE`) that names them
 */
export function checkForm(options: DenoiseOptions, form: keyof typeof forms): void {
  const [name, own] = forms[form];
  const alone = form !== 'run' && options.method === 'canceller';
  const used = new Set<string>([...anyForm, ...own, ...(alone ? [] : settings)]);
  const idle = Object.entries(options)
    .filter(([option, value]) => value !== undefined && !used.has(option))
    .map(([option]) => flagOf(option));
  if (idle.length > 0) throw optionsUnused(idle, alone ? `${name} by the canceller alone` : name);
}
