import { ExitCode, NcnError } from '../../core/errors/error.js';

/** A run folder names code that the user has not. */
export const pluginsNotTrusted = (run: string, files: readonly string[]): NcnError =>
  new NcnError(
    `${run} runs code from outside of this project:\n${files.map((file) => `  ${file}`).join('\n')}`,
    {
      code: 'NCN_PLUGIN_NOT_TRUSTED',
      exit: ExitCode.usage,
      hint: 'Look at it. To load it, name it (--plugin FILE) or say --trust-plugins, which is remembered.',
    },
  );
