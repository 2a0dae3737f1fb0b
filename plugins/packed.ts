import { z, type Raster } from 'ncn';

/** Pictures of one size in a checkpoint: as precise as they are shown, and small. */
export const packedSchema = z.strictObject({
  width: z.int().positive(),
  height: z.int().positive(),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** All of them, one after the other. */
  bytes: z.base64(),
});

export type Packed = z.infer<typeof packedSchema>;

/** @param rasters at least one, all of one size */
export function packed(rasters: readonly Raster[]): Packed {
  const { width = 1, height = 1, channels = 1 } = rasters[0] ?? {};
  const bytes = Buffer.concat(rasters.map(({ data }) => data)).toString('base64');
  return { width, height, channels, bytes };
}

export function unpacked({ width, height, channels, bytes }: Packed): Raster[] {
  const all = Buffer.from(bytes, 'base64');
  const size = width * height * channels;
  return Array.from({ length: Math.floor(all.length / size) }, (_, i) => ({
    ...{ width, height, channels },
    data: all.subarray(i * size, (i + 1) * size),
  }));
}
