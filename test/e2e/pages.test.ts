import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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
import { jsonLines, ncn, start, temporary, tinyIdx, tinyRun } from './support.js';

const folder = temporary();
const runs = join(folder, 'runs');
const run = (name: string): string => join(runs, name);
const data = tinyIdx();

beforeAll(async () => {
  const more = ['--set', 'evaluation.testImages=20', '--quiet'];
  for (const args of [
    tinyRun(data, run('one'), ...more),
    tinyRun(data, run('two'), ...more, '--seed', '2'),
    tinyRun(data, run('other'), ...more, '--set', 'loss.content.weight=0.5'),
  ]) {
    const { code, stderr } = await ncn(args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  }
}, 300_000);

describe('on the command line', () => {
  test('ncn report writes one file that names nothing outside itself', async () => {
    const { code, stdout } = await ncn(['report', run('one')], folder);
    expect(code).toBe(0);
    const file = join(run('one'), 'report.html');
    expect(stdout.trim()).toBe(file);
    const html = readFileSync(file, 'utf8');
    expect(html).not.toMatch(/<(link|script|img)[^>]+(src|href)="(?!data:)/);
    expect(html).toContain("default-src 'none'");
    const again = await ncn(['report', run('one'), '--json'], folder);
    expect(jsonLines(again.stdout)).toEqual([{ output: file }]);
  });

  test('ncn compare prints the table, and all of it as JSON', async () => {
    const { stdout, code } = await ncn(['compare', run('one'), run('two'), run('other')], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('loss.content.weight');
    expect(stdout).toContain('(2 seeds)');
    const json = await ncn(['compare', run('one'), run('two'), run('other'), '--json'], folder);
    const [result] = jsonLines(json.stdout);
    expect(result).toMatchObject({
      groups: [{ runs: [0, 1] }, { runs: [2] }],
      differences: [{ path: 'loss.content.weight', values: ['1', '0.5'] }],
    });
    expect(result?.['paired']).toHaveLength(6);
    // Of seed 1 alone: only that one was trained in both ways.
    expect(result?.['paired']).toMatchObject([{ seeds: [1], images: 20 }, {}, {}, {}, {}, {}]);
  });

  test('ncn evaluate gives the values of each image that the run kept', async () => {
    const file = join(folder, 'again.safetensors');
    const { code, stderr } = await ncn(['evaluate', run('one'), '--per-image', file]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const kept = readFileSync(join(run('one'), 'test-images.safetensors'));
    expect(readFileSync(file).equals(kept)).toBe(true);
  });

  test.each([
    [['report'], 2, 'NCN_USAGE_RUN'],
    [['compare', run('one')], 2, 'NCN_USAGE_COMPARE'],
    [['compare', run('one'), run('one')], 2, 'NCN_USAGE_RUN_TWICE'],
    [['report', run('on')], 7, 'NCN_RUN_NOT_FOUND'],
    [['report', run('one'), '--output', run('one/metrics.jsonl')], 2, 'NCN_REPORT_OVERWRITE'],
    [['watch', join(folder, 'nowhere')], 2, 'NCN_WATCH_FOLDER'],
    [['watch', runs, '--port', '99999'], 2, 'NCN_USAGE_PORT'],
  ])('%j is refused', async (args, exit, code) => {
    const metrics = readFileSync(run('one/metrics.jsonl'));
    const refused = await ncn([...args, '--json'], folder);
    expect(jsonLines(refused.stdout)).toMatchObject([{ type: 'error', code, exit }]);
    expect(refused.code).toBe(exit);
    expect(readFileSync(run('one/metrics.jsonl')).equals(metrics)).toBe(true);
  });

  test('a run with damaged files still has a page, which says so', async () => {
    const broken = join(folder, 'broken');
    cpSync(run('one'), broken, { recursive: true });
    writeFileSync(join(broken, 'test-images.safetensors'), 'no');
    writeFileSync(join(broken, 'summary.json'), '{');
    const { code } = await ncn(['report', broken], folder);
    expect(code).toBe(0);
    const html = readFileSync(join(broken, 'report.html'), 'utf8');
    expect(html).toContain('is not a valid safetensors file');
    expect(html).toContain('summary.json is not what ncn writes there');
  });
});

describe.skipIf(chromiumPath === undefined)('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    await ncn(['report', run('one')], folder);
    await ncn(['compare', run('one'), run('two'), run('other'), '--quiet'], folder);
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
    const result = page.locator('#images .grid').last();
    const source = () => result.locator('img').getAttribute('src');
    const last = await source();
    await page.locator('#images input[type=range]').focus();
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
    expect(await page.locator('#test-images > p').textContent()).toMatch(
      /\d+ of 20 \(.+ %\) collapsed/,
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
      /^Content loss over updates/,
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
      await page.locator('#metrics tbody tr', { hasText: 'Content loss of black' }).count(),
    ).toBe(1);
    expect(text.indexOf('loss.content.weight')).toBeLessThan(text.indexOf('SSIM'));
    expect(await page.locator('#differences tbody tr').count()).toBe(2);
    expect(await page.locator('#metrics [aria-label="Paired tests"] tbody tr').count()).toBe(3);
    const numbers = await page.locator('#metrics').innerText();
    await page.getByRole('button', { name: 'Batch statistics' }).click();
    expect(await page.locator('#metrics').innerText()).not.toBe(numbers);
    // Seed 1: input, truth and two results; seed 2: input, truth and one.
    expect(await page.locator('#images .grid').count()).toBe(7);
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
      tinyRun(data, live, '--set', 'pretraining.updates=100', '--updates', '100'),
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
    await page.locator('#test-images .example').first().waitFor();
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

test('a page of a run without images or test images says so', async () => {
  const bare = join(folder, 'bare');
  const args = tinyRun(data, bare, '--without', 'samples', '--quiet');
  expect((await ncn(args)).code).toBe(0);
  expect(existsSync(join(bare, 'samples'))).toBe(false);
  expect((await ncn(['report', bare], folder)).code).toBe(0);
  expect(readFileSync(join(bare, 'report.html'), 'utf8')).toContain('kept no images');
  expect(statSync(join(bare, 'report.html')).size).toBeLessThan(1_000_000);
});
