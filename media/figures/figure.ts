import { renderGrid, type GridOptions } from './grid.js';
import type { GridPanel } from './panel.js';
import { labelOf } from './shown.js';

/** One signal of an evaluation, by its role or as `output`. */
export interface FigureSignal extends Omit<GridPanel, 'caption'> {
  readonly role: string;
}

/**
 * The figure that the post shows for an experiment, two panels in a row: reference and input above,
 * ground truth and result below, or whatever else an experiment has, in the order given.
 * @returns a PNG
 * @throws NcnError as `renderGrid`
 */
export async function renderFigure(
  signals: readonly FigureSignal[],
  options: Omit<GridOptions, 'panelsPerRow'> = {},
): Promise<Buffer> {
  const panels = signals.map(({ role, ...panel }) => ({
    ...panel,
    caption: role === 'output' ? 'result' : labelOf(role),
  }));
  return renderGrid(panels, { ...options, panelsPerRow: 2 });
}
