import { createRequire } from 'node:module';

/** The one font, shipped with the package: a picture does not depend on the machine. */
export const fontFamily = 'DejaVu Sans';

const fontFile = (): string =>
  createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

/** Renders SVG to PNG. Loaded when first used, since most commands draw nothing. */
export async function renderSvg(svg: string): Promise<Buffer> {
  const { Resvg } = await import('@resvg/resvg-js');
  const font = { fontFiles: [fontFile()], loadSystemFonts: false, defaultFontFamily: fontFamily };
  return new Resvg(svg, { font, background: 'white' }).render().asPng();
}

/** Text as SVG content. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
