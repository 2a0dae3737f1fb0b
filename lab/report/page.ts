import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pagePartMissing } from '../errors/report.js';
import { escapeMarkup } from '../../core/services/markup.js';
import { version } from '../../core/version.js';
import type { PageModel, PageSettings } from './model.js';

/** By this line a file is known as a page of ours. */
export const pageMark = '<meta name="generator" content="ncn">';

/** The browser's part of the page, built by build-page.ts. @throws NcnError where it is missing */
async function part(name: string): Promise<string> {
  const path = new URL(`./page/${name}`, import.meta.url);
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw pagePartMissing(path.pathname);
  }
}

/** JSON that no HTML parser takes for markup. */
const embed = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/**
 * What a page may load: what it holds and, of a server, what that has.
 * @param program the only script that may run
 */
export function contentPolicy(program: string, served: boolean): string {
  const data = served ? "data: 'self'" : 'data:';
  return [
    "default-src 'none'",
    `img-src ${data}`,
    `media-src ${data}`,
    `connect-src ${served ? "'self'" : "'none'"}`,
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${createHash('sha256').update(program).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/**
 * One HTML file that needs nothing else: styles, program, data, pictures and sounds are in it, and a policy
 * that forbids every request. A page that follows runs may ask its own server, and no other.
 */
export async function renderPage(
  model: PageModel,
  settings: Omit<PageSettings, 'version'> = {},
): Promise<string> {
  const [program, styles] = await Promise.all([part('client.js'), part('page.css')]);
  const all: PageSettings = { ...settings, version };
  const policy = contentPolicy(program, settings.live !== undefined);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${pageMark}
<title>${escapeMarkup(model.title)} · ncn</title>
<link rel="icon" href="data:,">
<style>${styles}</style>
</head>
<body>
<noscript>This page draws its charts and tables with JavaScript, which is switched off.</noscript>
<div id="page"></div>
<script type="application/json" id="model">${embed(model)}</script>
<script type="application/json" id="settings">${embed(all)}</script>
<script>${program}</script>
</body>
</html>
`;
}
