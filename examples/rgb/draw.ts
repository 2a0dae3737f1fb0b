import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RandomStreams } from 'ncn';
import { imageMedium } from 'ncn/media';

/** A picture [size, size, 3] from 0 to 1: two discs before a gradient. The same for each index. */
export function drawPicture(index: number, size = 32): Float32Array {
  const random = new RandomStreams(1).at('pictures', index);
  const colour = () => [random.uniform(), random.uniform(), random.uniform()];
  const [from, to] = [colour(), colour()];
  const angle = 2 * Math.PI * random.uniform();
  const discs = [0, 1].map(() => {
    const [x, y] = [size * random.uniform(), size * random.uniform()];
    return { x, y, radius: size * (0.1 + 0.25 * random.uniform()), colour: colour() };
  });
  const picture = new Float32Array(size * size * 3);
  for (let i = 0; i < size * size; i++) {
    const [x, y] = [i % size, Math.floor(i / size)];
    const along = (x * Math.cos(angle) + y * Math.sin(angle)) / (size * Math.SQRT2);
    const share = Math.min(1, Math.max(0, 0.5 + along / 2));
    const disc = discs.find((d) => Math.hypot(x - d.x, y - d.y) < d.radius);
    for (let c = 0; c < 3; c++) {
      const ground = (from[c] ?? 0) * (1 - share) + (to[c] ?? 0) * share;
      picture[i * 3 + c] = disc?.colour[c] ?? ground;
    }
  }
  return picture;
}

/** Draws the first pictures into a folder: `000.png`, `001.png`, …, which is how pictures/ was made. */
export async function drawPictures(folder: string, count: number, size = 32): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let index = 0; index < count; index++) {
    const picture = { shape: [size, size, 3], data: drawPicture(index, size) };
    const name = `${String(index).padStart(3, '0')}.png`;
    await writeFile(join(folder, name), await imageMedium.encode(picture));
  }
}
