/** The entry `ncn/media`: what signals are to people. */
export { imageDataset, imageExamples, imageOutline } from './image/data/images.js';
export type { GreyImages } from './image/data/bytes.js';
export { imageProviders } from './image/data/providers.js';
export { imageMedium } from './image/medium.js';
export { imageMetrics } from './image/metrics/metrics.js';
export { encodeTiles } from './figures/tiles.js';
export { renderGrid } from './figures/grid.js';
export type { GridImages, GridOptions, GridPanel } from './figures/grid.js';
export { errorPicture, gridPicture } from './figures/picture.js';
export type { Picture } from './figures/picture.js';
export { renderFilmStrip } from './figures/filmstrip.js';
export type { FilmColumn, FilmStripOptions } from './figures/filmstrip.js';
export { renderFigure } from './figures/figure.js';
export type { FigureImages } from './figures/figure.js';
export { renderChart } from './figures/chart.js';
export type { ChartOptions, ChartSeries } from './figures/chart.js';
