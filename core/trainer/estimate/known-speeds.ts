import { mkdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { EngineDescription, EngineSession } from '../../engine/types.js';
import { writeFileAtomic } from '../../run/atomic.js';
import { version } from '../../version.js';
import { measureSpeed } from './speed.js';

const schema = z.object({
  speeds: z.record(
    z.string(),
    z.object({ speed: z.number().positive(), measured: z.iso.datetime() }),
  ),
});
type Speeds = z.infer<typeof schema>['speeds'];

/** Milliseconds for which a measured speed is believed: a day. A machine may have been busy then. */
const validity = 24 * 3600 * 1000;

/**
 * Speeds of engines as they were measured on this machine before: to measure one takes a third of a
 * second of every start. `ncn doctor` measures them anew. They go by engine, its version and device (with its threads), processor,
 * and ncn's version. A file that is damaged or cannot be written counts as none; of two processes
 * that write at once, one speed is lost, and measured again.
 */
export class KnownSpeeds {
  /** @param path of the file, in the user's cache */
  constructor(private readonly path: string) {}

  /** In billions of operations a second, as {@link measureSpeed}, which is asked where none is known. */
  async of(session: EngineSession, channels: number): Promise<number> {
    const found = (await this.read())[keyOf(session.engine, channels)];
    if (found !== undefined) return found.speed;
    return this.anew(session, channels);
  }

  /** The same, measured whether one is known or not. */
  async anew(session: EngineSession, channels: number): Promise<number> {
    const key = keyOf(session.engine, channels);
    const speed = await measureSpeed(session, channels);
    // Another process may have written meanwhile.
    await this.write({
      ...(await this.read()),
      [key]: { speed, measured: new Date().toISOString() },
    });
    return speed;
  }

  /** Those that are still believed. */
  private async read(): Promise<Speeds> {
    try {
      const { speeds } = schema.parse(JSON.parse(await readFile(this.path, 'utf8')));
      const age = (measured: string): number => Math.abs(Date.now() - Date.parse(measured));
      return Object.fromEntries(
        Object.entries(speeds).filter(([, { measured }]) => age(measured) < validity),
      );
    } catch {
      return {};
    }
  }

  private async write(speeds: Speeds): Promise<void> {
    try {
      await mkdir(dirname(this.path), { recursive: true });
      await writeFileAtomic(this.path, `${JSON.stringify({ speeds }, null, 2)}\n`);
    } catch {
      // It is measured again, then.
    }
  }
}

function keyOf({ name, version: itsVersion, device }: EngineDescription, channels: number): string {
  const processors = cpus();
  const machine = `${processors[0]?.model ?? ''} x ${String(processors.length)}`;
  return JSON.stringify([version, name, itsVersion, device, machine, channels]);
}
