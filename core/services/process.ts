import { LogToken, TerminalToken } from './core-tokens.js';
import type { RunLog } from './log.js';
import { Services } from './services.js';
import type { Terminal } from './terminal.js';

/** What belongs to the process, for the services of each run to fall back on. */
export function processServices(own: { terminal: Terminal; log: RunLog }): Services {
  const services = new Services();
  services.provide(LogToken, own.log.logger);
  services.provide(TerminalToken, own.terminal);
  return services;
}
