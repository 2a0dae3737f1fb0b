import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  chromiumPath,
  openBrowser,
  unreadable,
  watchPage,
  type Watched,
} from '../support/browser.js';
import { trainRuns } from './pages-runs.js';
import { inHost } from './host.js';
import { jsonLines, start, tinyRun } from './support.js';

const { folder, runs, run, data } = await trainRuns();

describe.skipIf(chromiumPath === undefined)('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    await inHost(['report', run('one')], folder);
    await inHost(
      ['compare', run('one'), run('two'), run('other'), '--quiet', '--output', 'comparison.html'],
      folder,
    );
    browser = await openBrowser();
  }, 120_000);
  afterAll(async () => browser.close());

  async function open(
    file: string,
    more: Parameters<Browser['newPage']>[0] = {},
  ): Promise<{ page: Page; watched: Watched; url: string }> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...more });
    const watched = watchPage(page);
    const url = pathToFileURL(file).href;
    await page.goto(url);
    await page.waitForSelector('main h1');
    return { page, watched, url };
  }
  const report = join(run('one'), 'report.html');
  const comparison = join(folder, 'comparison.html');
  const nothingWrong = ({ watched, url }: { watched: Watched; url: string }): void => {
    expect(watched.complaints).toEqual([]);
    expect(watched.requests).toEqual([url]);
  };

  test('the page of a run: slider, toggles, filter, by keyboard too', async () => {
    const opened = await open(report);
    const { page } = opened;
    const result = page.locator('#samples .grid').last();
    const source = () => result.locator('img').getAttribute('src');
    const last = await source();
    await page.locator('#samples input[type=range]').focus();
    await page.keyboard.press('Home');
    expect(await source()).not.toBe(last);
    expect(await result.locator('figcaption').textContent()).toBe('Result, update 0');
    await page.keyboard.press('ArrowRight');
    expect(await result.locator('figcaption').textContent()).toBe('Result, update 3');
    await page.keyboard.press('End');
    expect(await source()).toBe(last);

    expect(await page.locator('.example').count()).toBe(12);
    const first = await page.locator('.example figcaption').first().textContent();
    await page.getByRole('button', { name: 'Best' }).click();
    expect(await page.locator('.example figcaption').first().textContent()).not.toBe(first);
    await page.getByRole('button', { name: 'Collapsed' }).click();
    expect(await page.locator('#test-examples > p').textContent()).toMatch(
      /Collapsed: \d+ of 20 \(.+ %\)/,
    );

    const rows = page.locator('#configuration tbody tr:visible');
    const all = await rows.count();
    await page.getByLabel('without defaults').check();
    expect(await rows.count()).toBeLessThan(all);
    await page.getByLabel('Filter the configuration').fill('pretraining.updates');
    expect(await rows.count()).toBe(1);
    expect(await page.locator('.command code').textContent()).toContain('--preset dcgans_v7');
    nothingWrong(opened);
    await page.close();
  });

  test('curves are drawn, and smoothing, logarithm, zoom and legend change them', async () => {
    const opened = await open(report);
    const { page } = opened;
    const chart = page.locator('[data-chart="fixed/content"]');
    await chart.scrollIntoViewIfNeeded();
    await chart.locator('canvas').waitFor();
    const drawn = async (): Promise<string> => {
      await page.waitForTimeout(100);
      return (await chart.locator('.canvas').screenshot()).toString('base64');
    };
    let before = await drawn();
    const changes: [string, () => Promise<void>][] = [
      ['smoothing', async () => page.getByLabel('Smoothing').fill('0.8')],
      ['logarithm', async () => page.getByLabel('Logarithmic').check()],
      ['zoom', async () => page.getByRole('button', { name: 'Zoom in' }).press('Enter')],
      ['legend', async () => chart.getByRole('button', { name: 'moving averages' }).click()],
      ['theme', async () => page.getByRole('button', { name: /^Theme/ }).click({ clickCount: 2 })],
    ];
    for (const [what, change] of changes) {
      await change();
      const after = await drawn();
      expect(after, what).not.toBe(before);
      before = after;
    }
    expect(await chart.locator('.canvas').getAttribute('aria-label')).toMatch(
      /^Content error over updates/,
    );
    nothingWrong(opened);
    await page.close();
  });

  test('every chart is drawn: without scrolling when there is time, at the latest for printing', async () => {
    const idle = await open(report);
    const undrawn = (page: Page): Promise<number> =>
      page.locator('.chart:not(:has(canvas))').count();
    await expect.poll(() => undrawn(idle.page)).toBe(0);
    await idle.page.close();

    const page = await browser.newPage({ colorScheme: 'dark' });
    await page.addInitScript('window.requestIdleCallback = () => 0;');
    await page.goto(pathToFileURL(report).href);
    await page.locator('main h1').waitFor();
    expect(await undrawn(page)).toBeGreaterThan(0);
    const dark = await page.evaluate(`getComputedStyle(document.querySelector('h1')).color`);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    expect(await undrawn(page)).toBe(0);
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    const light = await page.evaluate(`getComputedStyle(document.querySelector('h1')).color`);
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
    expect(light).not.toBe(dark);
    expect(await page.evaluate(`getComputedStyle(document.querySelector('h1')).color`)).toBe(dark);
    await page.close();
  });

  test('the page of a comparison', async () => {
    const opened = await open(comparison);
    const { page } = opened;
    const text = await page.locator('main').innerText();
    expect(
      await page.locator('#metrics tbody tr', { hasText: 'Content error of black' }).count(),
    ).toBe(1);
    expect(text.indexOf('loss.content.weight')).toBeLessThan(text.indexOf('SSIM'));
    expect(await page.locator('#differences tbody tr').count()).toBe(2);
    expect(await page.locator('#metrics [aria-label="Paired tests"] tbody tr').count()).toBe(7);
    const numbers = await page.locator('#metrics').innerText();
    await page.getByRole('button', { name: 'Batch statistics' }).click();
    expect(await page.locator('#metrics').innerText()).not.toBe(numbers);
    // Seed 1: reference, input, truth and two results; seed 2: the same with one.
    expect(await page.locator('#samples .grid').count()).toBe(9);
    nothingWrong(opened);
    await page.close();
  });

  test.each(['light', 'dark'] as const)('at phone width in %s', async (colorScheme) => {
    for (const file of [report, comparison]) {
      const opened = await open(file, { viewport: { width: 360, height: 740 }, colorScheme });
      const { page } = opened;
      await page.evaluate(`document.querySelectorAll('details').forEach((d) => (d.open = true))`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      expect(await unreadable(page)).toEqual([]);
      nothingWrong(opened);
      await page.close();
    }
  });

  test('every control, picture and part has a name', async () => {
    const { page } = await open(report);
    const nameless = await page.evaluate(`
      [...document.querySelectorAll('button, input, img, section, [role=img], [tabindex]')]
        .filter((e) => !(e.getAttribute('aria-label') || e.getAttribute('alt') !== null ||
          e.getAttribute('aria-labelledby') || e.labels?.length || e.textContent.trim()))
        .map((e) => e.outerHTML.slice(0, 80))`);
    expect(nameless).toEqual([]);
    const ids = await page.evaluate<string[]>(
      `[...document.querySelectorAll('[id]')].map((e) => e.id)`,
    );
    expect(new Set(ids).size).toBe(ids.length);
    await page.close();
  });

  test('ncn watch: a run that is training is followed', async () => {
    const live = run('live');
    const server = start(['watch', runs, '--json']);
    await server.said('"url"');
    const page = await browser.newPage();
    const watched = watchPage(page);
    const training = start(
      tinyRun(
        data,
        live,
        ...['--set', 'pretraining.updates=20', '--updates', '120'],
        ...['--eval-every', '10', '--checkpoint-every', '20'],
      ),
    );
    await training.said('phase main');
    // What the process says first is where it can be reached.
    server.kill('SIGINT');
    const { stdout, code } = await server.finished;
    expect(code).toBe(0);
    const port = new URL(String(jsonLines(stdout)[0]?.['url'])).port;
    const again = start(['watch', runs, '--port', port]);
    await again.said('Ctrl-C');
    const url = `http://127.0.0.1:${port}/`;
    await page.goto(url);
    await page.locator('#run-live', { hasText: 'live' }).waitFor();
    expect(await page.locator('.run').count()).toBe(4);
    await page.goto(`${url}run/live`);
    const bar = page.locator('progress');
    const seen = async (): Promise<number> => Number(await bar.getAttribute('value'));
    const before = await seen();
    await expect.poll(seen, { timeout: 30_000 }).toBeGreaterThan(before);
    await training.finished;
    await expect
      .poll(() => page.locator('.badge').first().textContent(), { timeout: 30_000 })
      .toBe('finished');
    await page.locator('#test-examples .example').first().waitFor();
    await page.goto(url);
    await page.getByLabel('Compare one').check();
    await page.getByLabel('Compare two').check();
    await page.getByRole('button', { name: 'Compare 2 runs' }).click();
    await page.locator('#metrics').waitFor();
    expect(watched.complaints).toEqual([]);
    expect(watched.requests.filter((request) => !request.startsWith(url))).toEqual([]);
    await page.close();
    again.kill('SIGTERM');
    expect((await again.finished).code).toBe(0);
  }, 180_000);
});
