import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { reportFailure } from '../cli/failure.js';
import { decimalNumber, wholeNumber } from '../cli/values.js';
import { ExitCode, messageOf, NcnError } from '../core/errors/error.js';

/** An option of a script: what it is for, and how its value is read. */
interface ScriptOption<T> {
  readonly about: string;
  readonly fallback: T;
  /** How a value is called in the help; absent for switches. */
  readonly value?: string;
  readonly read?: (text: string) => T;
}

type ValuesOf<O> = {
  readonly [N in keyof O]: O[N] extends ScriptOption<infer T> ? T : never;
};

/** @throws InvalidArgumentError, which names the option */
function checked<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw new InvalidArgumentError(messageOf(error));
    }
  };
}

function atLeast(least: number): (text: string) => number {
  return (text) => {
    const number = wholeNumber(text);
    if (number >= least) return number;
    throw new InvalidArgumentError(`${least} or more was expected.`);
  };
}

function oneOf(known: readonly string[]): (text: string) => string {
  return (text) => {
    if (known.includes(text)) return text;
    throw new InvalidArgumentError(`'${text}' is none of ${known.join(', ')}.`);
  };
}

function listOf<T>(read: (text: string) => T): (text: string) => readonly T[] {
  return (text) => text.split(',').map(read);
}

/** Any text; undefined where nothing is given. */
export const maybe = (value: string, about: string): ScriptOption<string | undefined> => ({
  ...{ about, value, fallback: undefined, read: (text) => text },
});

/** Any text. */
export const word = (value: string, about: string, fallback: string): ScriptOption<string> => ({
  ...{ about, value, fallback, read: (text) => text },
});

/** One of some words. */
export const choice = (
  about: string,
  known: readonly string[],
  fallback: string,
): ScriptOption<string> => ({
  ...{ about: `${about}: ${known.join(', ')}`, value: 'name', fallback, read: oneOf(known) },
});

/** Words with commas, of those that there are where these are known; undefined where nothing is given. */
export const words = (
  about: string,
  known?: readonly string[],
): ScriptOption<readonly string[] | undefined> => ({
  about: known === undefined ? about : `${about}: ${known.join(', ')}`,
  ...{ value: 'names', fallback: undefined },
  read: listOf(known === undefined ? (text) => text : oneOf(known)),
});

/** A whole number, not below `least`. */
export const whole = (about: string, fallback: number, least = 1): ScriptOption<number> => ({
  ...{ about, value: 'n', fallback, read: checked(atLeast(least)) },
});

/** A number; undefined where nothing is given and nothing stands for it. */
export const number = <T extends number | undefined>(
  about: string,
  fallback: T,
): ScriptOption<number | T> => ({
  ...{ about, value: 'number', fallback, read: checked(decimalNumber) },
});

/** Whole numbers with commas, none below `least`. */
export const wholes = <T extends readonly number[] | undefined>(
  about: string,
  fallback: T,
  least = 1,
): ScriptOption<readonly number[] | T> => ({
  ...{ about, value: 'n,n', fallback, read: checked(listOf(atLeast(least))) },
});

/** The Python of peers and oracles. */
export const pythonOf = (): string => process.env['NCN_PYTHON'] ?? 'python3';

/** On or off: `--name`, or `--no-name` where it is on by itself. */
export const flag = (about: string, fallback = false): ScriptOption<boolean> => ({
  about,
  fallback,
});

/** What a script is: the command that people type, what it does, its options. */
export interface ScriptAbout<O> {
  readonly command: string;
  readonly about: string;
  readonly options: O;
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));

/** @throws CommanderError after its message, or the help, is printed */
export function readOptions<O extends Readonly<Record<string, ScriptOption<unknown>>>>(
  { command, about, options }: ScriptAbout<O>,
  args: readonly string[],
): ValuesOf<O> {
  const parser = new Command(command).description(about).usage('-- [options]').exitOverride();
  parser.showHelpAfterError(`(${command} -- --help lists the options)`);
  const asked = Object.entries(options).map(([name, { about: text, value, fallback, read }]) => {
    const off = fallback === true ? 'no-' : '';
    const option = new Option(
      value === undefined ? `--${off}${name}` : `--${name} <${value}>`,
      text,
    );
    if (fallback !== undefined && value !== undefined) option.default(fallback, shown(fallback));
    if (read !== undefined) option.argParser(read);
    parser.addOption(option);
    return [name, option, fallback] as const;
  });
  parser.parse([...args], { from: 'user' });
  const values = asked.map(([name, option, fallback]) => [
    name,
    (parser.getOptionValue(option.attributeName()) as unknown) ?? fallback,
  ]);
  return Object.fromEntries(values) as ValuesOf<O>;
}

/**
 * The options that a script was given. Prints its help, or what is wrong with them, and ends the process; failures of
 * ncn's own kind are told without a trace from then on.
 */
export function scriptOptions<O extends Readonly<Record<string, ScriptOption<unknown>>>>(
  about: ScriptAbout<O>,
): ValuesOf<O> {
  process.on('uncaughtException', (error) => {
    // Its message, or the help, is printed.
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    } else if (error instanceof NcnError) reportFailure(error, false);
    else {
      console.error(error);
      process.exitCode = ExitCode.internal;
    }
    process.exit();
  });
  return readOptions(about, process.argv.slice(2));
}
