import type { Command } from 'commander';
import { emptyValue } from './errors/usage.js';

/** An empty value is never meant: it is what a variable that is not set leaves. @throws NcnError */
export function refuseEmpty(command: Command): void {
  const isEmpty = (value: unknown): boolean =>
    Array.isArray(value) ? value.some(isEmpty) : typeof value === 'string' && value.trim() === '';
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (isEmpty(value)) throw emptyValue(option.long ?? option.flags);
  }
  command.processedArgs.forEach((value: unknown, i) => {
    if (isEmpty(value))
      throw emptyValue(`The argument '${command.registeredArguments[i]?.name() ?? i}'`);
  });
}
