import { engineLostDevice, engineRan, engineWithoutMemory } from '../errors/engine.js';
import { NcnError } from '../errors/error.js';
import type { EngineSession } from './types.js';

/**
 * The same session, whose failures are errors for people: what comes out of a driver, a library or a
 * lack of memory is the engine's, and no bug of ncn or of the plugin in whose name it ran.
 */
export function withFailuresTold(session: EngineSession): EngineSession {
  const { name } = session.engine;
  const told = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explained(name, doing, error);
    }
  };
  return {
    engine: session.engine,
    write: (state) => told('take the state', () => session.write(state)),
    read: (names) => told('give its state', () => session.read(names)),
    prepare: (program, signature) =>
      told(`prepare program '${program.name}'`, () => session.prepare(program, signature)),
    run: (program, inputs, scalars) =>
      told(`run program '${program.name}'`, async () => {
        const outputs = await session.run(program, inputs, scalars);
        const doing = `give results of '${program.name}'`;
        return { read: (names) => told(doing, () => outputs.read(names)) };
      }),
    close: () => session.close(),
    ...(session.placing === undefined ? {} : { placing: session.placing }),
    ...(session.begin === undefined ? {} : { begin: session.begin.bind(session) }),
    ...(session.validate === undefined ? {} : { validate: session.validate.bind(session) }),
    ...(session.describe === undefined ? {} : { describe: session.describe.bind(session) }),
    ...(session.memory === undefined ? {} : { memory: session.memory.bind(session) }),
  };
}

function explained(engine: string, doing: string, error: unknown): unknown {
  for (let e = error; e instanceof Error; e = e.cause) {
    // V8's words for an array that there is no memory for.
    if (e instanceof RangeError && /allocation failed/i.test(e.message)) {
      return engineWithoutMemory(engine, doing, error);
    }
    if (saysLost(e)) return engineLostDevice(engine, doing, error);
  }
  return error instanceof NcnError ? error : engineRan(engine, doing, error);
}

/** As drivers say it, and as WebGPU gives up what it was to read from a device that is gone. */
const saysLost = ({ name, message }: Error): boolean =>
  name === 'AbortError' || /\bdevice\b\W*(is |was )?lost\b/i.test(message);
