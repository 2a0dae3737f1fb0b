import { renderGrid, type GridOptions } from './grid.js';

/** The images of a figure: those of an evaluation. */
export interface FigureImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly input: Float32Array;
  readonly reference: Float32Array;
  readonly target: Float32Array;
  readonly output: Float32Array;
}

/**
 * The figure that the post shows for an experiment: reference and input above, ground truth and
 * result below.
 * @returns a PNG
 * @throws NcnError when an array does not hold count × height × width pixels
 */
export async function renderFigure(
  images: FigureImages,
  options: Omit<GridOptions, 'panelsPerRow'> = {},
): Promise<Buffer> {
  const panel = (caption: string, pixels: Float32Array) => ({
    caption,
    images: { count: images.count, height: images.height, width: images.width, pixels },
  });
  const panels = [
    panel('reference', images.reference),
    panel('input', images.input),
    panel('ground truth', images.target),
    panel('result', images.output),
  ];
  return renderGrid(panels, { ...options, panelsPerRow: 2 });
}
