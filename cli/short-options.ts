import type { Command } from 'commander';

/** Options that set a value of the configuration, as they are written, and the value's path. */
export const shortOptions = [
  ['seed', 'seed'],
  ['updates', 'updates'],
  ['batch', 'batch'],
  ['dataset', 'dataset'],
  ['data', 'data'],
  ['engine', 'engine'],
  ['threads', 'threads'],
  ['hookTimeout', 'hookTimeout'],
  ['evalEvery', 'evaluation.every'],
  ['checkpointEvery', 'checkpoints.every'],
] as const;

/** An option that sets values. */
export type SettingOption = (typeof shortOptions)[number][0] | 'set';

/** As it is written, without its dashes. */
export const flagOf = (option: string): string =>
  option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Has a command remember in which order options that set values were given: the last one counts. */
export function rememberOrder(command: Command): Command {
  const order: SettingOption[] = [];
  const names: readonly SettingOption[] = [...shortOptions.map(([name]) => name), 'set'];
  for (const name of names) command.on(`option:${flagOf(name)}`, () => order.push(name));
  return command.setOptionValue('order', order);
}
