import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { DatasetRegistry, type LoadedDatasets } from '../../../../core/data/registry.js';
import type { Examples } from '../../../../core/data/types.js';
import { NcnError } from '../../../../core/errors/error.js';
import type { DataContext } from '../../../../media/files/places.js';
import { imageProviders } from '../../../../media/image/data/providers.js';

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ncn-data-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** An environment of its own, offline unless `env` says otherwise. */
export async function contextOf(env: Record<string, string> = {}): Promise<DataContext> {
  return { env: { NCN_OFFLINE: '1', ...env }, cache: await temporaryFolder() };
}

/** The data sets of images as the plugin `image.data` offers them. */
export function registryOf(context: DataContext, loaded?: LoadedDatasets): DatasetRegistry {
  const registry = new DatasetRegistry(loaded);
  for (const provider of imageProviders(context)) {
    registry.register(provider, provider.name === 'digits');
  }
  return registry;
}

/** All images of a split, as the bytes that they were. */
export async function bytesOf(examples: Examples): Promise<Uint8Array> {
  const { count, signals } = examples;
  const size = (signals['image'] ?? []).reduce((product, side) => product * side, 1);
  const bytes = new Uint8Array(count * size);
  const some = 2000;
  for (let from = 0; from < count; from += some) {
    const length = Math.min(some, count - from);
    const image = new Float32Array(length * size);
    await examples.read(
      Uint32Array.from({ length }, (_, i) => from + i),
      { image },
    );
    image.forEach((value, i) => (bytes[from * size + i] = Math.round(value * 255)));
  }
  return bytes;
}

/** An IDX file of images in which pixel k of all is `fill(k)`. */
export function idxFile(
  count: number,
  height: number,
  width: number,
  fill = (k: number): number => k % 251,
): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(0x803, 0);
  header.writeUInt32BE(count, 4);
  header.writeUInt32BE(height, 8);
  header.writeUInt32BE(width, 12);
  const pixels = Buffer.from(Array.from({ length: count * height * width }, (_, k) => fill(k)));
  return Buffer.concat([header, pixels]);
}

/** A folder with both files of images: 5 and 3 images of 4 × 6. */
export async function idxFolder(): Promise<string> {
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'train-images-idx3-ubyte'), idxFile(5, 4, 6));
  await writeFile(join(dir, 't10k-images.idx3-ubyte'), idxFile(3, 4, 6));
  return dir;
}

/** A server on localhost that is gone after the test; returns its address. */
export async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/`;
}

/** What a promise is rejected with, which must be an error for people. */
export async function errorOf(promise: Promise<unknown>): Promise<NcnError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof NcnError) return error;
    throw error;
  }
  throw new Error('it succeeded');
}

/** The folder with the real MNIST, or undefined (with the reason printed). */
export function realMnist(): string | undefined {
  const candidates = [
    process.env['NCN_DATA'] ?? '',
    fileURLToPath(new URL('../../../../../shared/data/mnist', import.meta.url)),
  ].filter((dir) => dir !== '');
  const found = candidates.find((dir) => existsSync(join(dir, 'train-images-idx3-ubyte.gz')));
  if (found === undefined) {
    console.log(`Tests with the real MNIST are skipped: not in ${candidates.join(' or ')}.`);
  }
  return found;
}
