import { ExitCode, messageOf, NcnError } from './error.js';
import { didYouMean } from './nearest.js';

const refused = (code: string, message: string, hint?: string, cause?: unknown): NcnError =>
  new NcnError(message, {
    code,
    exit: ExitCode.plugin,
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });

const usage = (code: string, message: string, hint: string): NcnError =>
  new NcnError(message, { code, exit: ExitCode.usage, hint });

/** A field of `definePlugin({ … })` is not what it must be. */
export const badDefinition = (plugin: string, field: string, problem: string): NcnError =>
  refused(
    'NCN_PLUGIN_DEFINITION',
    `The definition of plugin '${plugin}' is wrong: '${field}' ${problem}.`,
    "definePlugin({ name: 'my.plugin', version: '1.0.0', summary: '…', options: z.strictObject({ … }), setup({ hooks, options }) { … } })",
  );

export const badRange = (plugin: string, range: string, where: string): NcnError =>
  refused(
    'NCN_PLUGIN_RANGE',
    `Plugin '${plugin}' says that it works with ncn '${range}' (${where}), which is not a version range.`,
    "Write it as npm does: '^0.1.0'.",
  );

export const wrongHost = (plugin: string, range: string, where: string, host: string): NcnError =>
  refused(
    'NCN_PLUGIN_HOST',
    `Plugin '${plugin}' works with ncn ${range} (${where}); this is ncn ${host}.`,
    'Install a version of the plugin for this ncn, or the ncn that it asks for.',
  );

export const otherHost = (plugin: string, file: string, other: string, mine: string): NcnError =>
  refused(
    'NCN_HOST_TWICE',
    `Plugin '${plugin}' (${file}) was made by another copy of ncn (${other}) than the one that runs (${mine}).`,
    "Two copies do not share services or state. Make ncn a peer dependency of the plugin, never a dependency; 'npm ls ncn' shows the copies, 'npm dedupe' may merge them.",
  );

export const pluginConflict = (plugin: string, other: string): NcnError =>
  usage(
    'NCN_PLUGIN_CONFLICT',
    `Plugin '${plugin}' cannot be used together with '${other}'.`,
    `Leave one out: --without ${other}.`,
  );

export const unknownHook = (plugin: string, hook: string, hooks: Iterable<string>): NcnError =>
  refused(
    'NCN_HOOK_UNKNOWN',
    `Plugin '${plugin}' taps the hook '${hook}', which does not exist.`,
    `${didYouMean(hook, hooks)} 'ncn hooks' lists them.`,
  );

export const presetDidNotLoad = (file: string, cause: unknown): NcnError =>
  refused(
    'NCN_PRESET_LOAD',
    `The preset ${file} did not load: ${messageOf(cause)}`,
    undefined,
    cause,
  );

export const notAPreset = (file: string, problem: string): NcnError =>
  usage(
    'NCN_PRESET_SHAPE',
    `${file} is not a preset: ${problem}.`,
    "Export one as default: `export default definePreset({ name, summary, extends: 'protocol', plugins: [use('loss.content')] })`.",
  );

export const duplicatePreset = (name: string, file: string, other: string): NcnError =>
  usage(
    'NCN_PRESET_DUPLICATE',
    `Two presets are named '${name}': ${other} and ${file}.`,
    'Rename yours.',
  );

export const twoConfigFiles = (file: string, second: string): NcnError =>
  usage(
    'NCN_CONFIG_FILE',
    `${file}: there is ${second} beside it.`,
    'Keep one of them: which of the two counts would be a guess.',
  );

export const badConfigFile = (file: string, problem: string, cause?: unknown): NcnError =>
  new NcnError(`${file}: ${problem}`, {
    code: 'NCN_CONFIG_FILE',
    exit: ExitCode.usage,
    hint: "Export it as default: `export default defineConfig({ plugins: ['./my-plugin'], set: { batch: 8 } })`.",
    ...(cause === undefined ? {} : { cause }),
  });
