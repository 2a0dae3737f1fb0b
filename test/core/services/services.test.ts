import { expect, test } from 'vitest';
import { NcnError } from '../../../core/errors/error.js';
import { LogToken, RunDirectoryToken, TerminalToken } from '../../../core/services/core-tokens.js';
import { createLog } from '../../../core/services/log.js';
import { processServices } from '../../../core/services/process.js';
import { Services } from '../../../core/services/services.js';
import { Terminal } from '../../../core/services/terminal.js';
import { token } from '../../../core/services/tokens.js';
import { prepareTiny, quietHost } from '../../../lab/testing/prepare.js';

const counter = token<{ count: number }>('counter');
const greeting = token<string>('greeting');
const length = token<number>('length');

function refusalOf(ask: () => unknown): NcnError {
  try {
    ask();
  } catch (error) {
    if (error instanceof NcnError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('a service is found by its name, wherever the token was made; a later one replaces it', () => {
  const services = new Services();
  expect(services.has(greeting)).toBe(false);
  services.provide(greeting, 'hello');
  expect(services.get(token<string>('greeting'))).toBe('hello');
  services.provide(greeting, 'good day');
  expect(services.get(greeting)).toBe('good day');
});

test('what is not there yet is an error that knows the nearest name', () => {
  const services = processServices(quietHost());
  const error = refusalOf(() => services.get(token('terminals')));
  expect(error.code).toBe('NCN_SERVICE_MISSING');
  expect(error.exit).toBe(4);
  expect(error.message).toBe("No service 'terminals' is available at this point.");
  expect(error.hint).toBe(
    "Ask for services inside a hook, not in setup(). Did you mean 'terminal'?",
  );
  expect(refusalOf(() => services.get(RunDirectoryToken)).hint).toBe(
    'Ask for services inside a hook, not in setup(). Known: log, terminal.',
  );
  expect(refusalOf(() => new Services().get(counter)).hint).toMatch(/There are none\.$/);
});

test('names are told of the run and of the process, each once', () => {
  const run = new Services(processServices(quietHost()));
  run.provide(greeting, 'hello');
  run.provide(greeting, 'good day');
  expect(refusalOf(() => run.get(token('something else'))).hint).toBe(
    'Ask for services inside a hook, not in setup(). Known: greeting, log, terminal.',
  );
  expect(refusalOf(() => run.get(token('terminla'))).hint).toMatch(/Did you mean 'terminal'\?$/);
});

test('what a run provides is its own, even in the place of a service of the process', () => {
  const terminal = new Terminal('quiet');
  const process = processServices({ terminal, log: createLog(terminal) });
  const [first, second] = [new Services(process), new Services(process)];
  expect(first.get(TerminalToken)).toBe(terminal);
  expect(first.get(LogToken)).toBe(second.get(LogToken));
  const other = new Terminal('json');
  first.provide(TerminalToken, other);
  first.provide(counter, { count: 1 });
  expect(first.get(TerminalToken)).toBe(other);
  expect(second.get(TerminalToken)).toBe(terminal);
  expect(process.get(TerminalToken)).toBe(terminal);
  expect([second.has(counter), process.has(counter)]).toEqual([false, false]);
});

test('what the process replaces is new for its runs, too', () => {
  const process = new Services();
  process.provide(greeting, 'hello');
  const run = new Services(process);
  expect(run.get(greeting)).toBe('hello');
  process.provide(greeting, 'good day');
  expect(run.get(greeting)).toBe('good day');
});

test('a lazy service is made when it is first asked for, once in each run', () => {
  const runs = [new Services(), new Services()];
  let made = 0;
  for (const run of runs) run.provideLazily(counter, () => ({ count: ++made }));
  expect(made).toBe(0);
  for (const run of runs) expect(run.get(counter)).toBe(run.get(counter));
  expect(runs.map((run) => run.get(counter).count)).toEqual([1, 2]);
  expect(made).toBe(2);
});

test('a lazy service may need one that comes later, and may be undefined', () => {
  const services = new Services();
  services.provideLazily(length, (others) => others.get(greeting).length);
  const error = refusalOf(() => services.get(length));
  expect(error.message).toBe("No service 'greeting' is available at this point.");
  services.provide(greeting, 'hello');
  // What could not be made before can be now.
  expect(services.get(length)).toBe(5);

  let made = 0;
  const nothing = token<number | undefined>('nothing');
  services.provideLazily(nothing, () => {
    made++;
    return undefined;
  });
  expect([services.get(nothing), services.get(nothing), made]).toEqual([undefined, undefined, 1]);
});

test('services that need each other are an error that names them', () => {
  const services = new Services();
  services.provideLazily(greeting, (others) => 'o'.repeat(others.get(length)));
  services.provideLazily(length, (others) => others.get(greeting).length);
  services.provideLazily(counter, (others) => ({ count: others.get(length) }));
  const error = refusalOf(() => services.get(counter));
  expect(error.code).toBe('NCN_SERVICE_CYCLE');
  expect(error.message).toBe('A service cannot be made: length needs greeting needs length.');
  // And the next is not taken for part of it.
  services.provide(greeting, 'hello');
  expect(services.get(counter)).toEqual({ count: 5 });
});

test('experiments that share a host share its services, and nothing else', async () => {
  const host = quietHost();
  const shared = { ...host, services: processServices(host) };
  const first = await prepareTiny({}, shared);
  const second = await prepareTiny({}, shared);
  expect(first.services.get(TerminalToken)).toBe(host.terminal);
  first.services.provide(greeting, 'hello');
  expect([second.services.has(greeting), shared.services.has(greeting)]).toEqual([false, false]);
});
