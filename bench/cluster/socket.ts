import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { z } from 'zod';
import type { Launcher } from '../../core/plugins/launcher.js';
import { parseJson, type JsonValue } from '../../core/run/json.js';

const json = z.custom<JsonValue>((value) => value !== undefined);
const handles = z.array(json);
const request = z.object({
  token: z.string(),
  atOnce: z.int().nullable(),
  folder: z.string(),
  jobs: z.array(
    z.object({
      ...{ name: z.string(), cwd: z.string(), log: z.string(), threads: z.int() },
      command: z.tuple([z.string()], z.string()),
      device: z.string().nullable(),
    }),
  ),
});
const question = z.object({
  from: z.int(),
  what: z.discriminatedUnion('ask', [
    z.object({ ask: z.literal('submit'), submission: request }),
    z.object({ ask: z.literal('find'), token: z.string(), jobs: z.int() }),
    z.object({ ask: z.literal('poll'), handles }),
    z.object({ ask: z.literal('stop'), handles }),
  ]),
});
type Question = z.infer<typeof question>['what'];

const sighting = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('queued'), why: z.string().nullable() }),
  z.object({ kind: z.literal('running'), where: z.string().nullable() }),
  z.object({ kind: z.literal('absent') }),
]);

function carryOut(launcher: Launcher, asked: Question): Promise<unknown> {
  switch (asked.ask) {
    case 'submit':
      return launcher.submit(asked.submission);
    case 'find':
      return launcher.find(asked.token, asked.jobs);
    case 'poll':
      return launcher.poll(asked.handles);
    case 'stop':
      return launcher.stop(asked.handles);
  }
}

/** All that the other side says. (Helpers of Node for this close the socket when they have it.) */
function textOf(connection: Socket): Promise<string> {
  let said = '';
  connection.setEncoding('utf8');
  connection.on('data', (chunk: string) => (said += chunk));
  return new Promise((done, fail) => {
    connection.on('end', () => done(said));
    connection.on('error', fail);
  });
}

/**
 * Lets other processes use a launcher, through a socket of this machine.
 * @param heard is told which process asks what
 */
export async function serveLauncher(
  launcher: Launcher,
  path: string,
  heard: (pid: number, what: Question['ask']) => void,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    void textOf(connection).then(async (said) => {
      const { from, what } = question.parse(parseJson(said));
      heard(from, what.ask);
      const answer = await carryOut(launcher, what);
      connection.end(JSON.stringify(answer ?? null));
    });
  });
  await new Promise<void>((listening) => server.listen(path, listening));
  return server;
}

async function ask(path: string, what: Question): Promise<JsonValue> {
  const connection = createConnection(path);
  connection.end(JSON.stringify({ from: process.pid, what }));
  return parseJson(await textOf(connection));
}

/** The launcher behind a socket. */
export const remoteLauncher = (
  path: string,
  about: Pick<Launcher, 'pollEvery' | 'grace' | 'most'>,
): Launcher => ({
  ...about,
  name: 'simulated',
  queues: true,
  submit: async (submission) => {
    const { token, atOnce, folder, jobs } = submission;
    const copy = { token, atOnce, folder, jobs: [...jobs] };
    const plain = copy.jobs.map(({ command: [program, ...args], ...job }) => ({
      ...job,
      command: [program, ...args] satisfies [string, ...string[]],
    }));
    return handles.parse(await ask(path, { ask: 'submit', submission: { ...copy, jobs: plain } }));
  },
  find: async (token, jobs) => handles.parse(await ask(path, { ask: 'find', token, jobs })),
  poll: async (given) =>
    z.array(sighting).parse(await ask(path, { ask: 'poll', handles: [...given] })),
  stop: async (given) => {
    await ask(path, { ask: 'stop', handles: [...given] });
  },
});
