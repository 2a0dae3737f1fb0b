/** The entry `ncn/media`: what signals are to people. */
export { makeDataset, subset as firstImages } from './image/data/images.js';
export { evaluateImages } from './image/metrics/evaluate.js';
export type { ImageMetrics, MetricsPerImage } from './image/metrics/evaluate.js';
export { PerImageCollector } from './image/metrics/per-image.js';
export type { PerImageResult } from './image/metrics/per-image.js';
export { testImagesFile, writeTestImages } from './image/test-images.js';
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
