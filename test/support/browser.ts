import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a Chromium is installed; undefined where there is none. */
export const chromiumPath = process.env['CHROMIUM'] ?? places.find((path) => existsSync(path));

if (chromiumPath === undefined) {
  console.warn(
    `No Chromium found (${places.join(', ')}): the tests of pages in a browser are skipped.`,
  );
}

export const openBrowser = async (): Promise<Browser> =>
  chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: ['--no-sandbox'],
  });

/** What a page complained about, and whom it asked for what. */
export interface Watched {
  readonly complaints: string[];
  readonly requests: string[];
}

export function watchPage(page: Page): Watched {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) requests.push(request.url());
  });
  return { complaints, requests };
}

/** Text of the page whose contrast with what is behind it is below 4.5 (WCAG AA). */
export async function unreadable(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const parse = (c) => (c.match(/[\\d.]+/g) ?? []).map(Number);
    const luminance = ([r, g, b]) => {
      const f = (v) => ((v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
      return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
    };
    const behind = (e) => {
      for (; e; e = e.parentElement) {
        const c = parse(getComputedStyle(e).backgroundColor);
        if (c.length === 3 || c[3] > 0) return c;
      }
      return [255, 255, 255];
    };
    const bad = [];
    for (const e of document.querySelectorAll('body *')) {
      const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== '');
      if (!own || e.getClientRects().length === 0 || e.closest('[disabled], noscript, .hidden')) continue;
      const [a, b] = [luminance(parse(getComputedStyle(e).color)), luminance(behind(e))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < 4.5) bad.push(e.tagName + '.' + e.className + ' ' + contrast.toFixed(2) + ': ' + e.textContent.slice(0, 30));
    }
    return bad;
  })()`);
}
