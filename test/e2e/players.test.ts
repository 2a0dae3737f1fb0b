import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SyntheticRun } from '../../bench/synthetic-options.js';
import { writeSyntheticRun } from '../../bench/synthetic-run.js';
import { chromiumPath, openBrowser, watchPage, type Watched } from '../support/browser.js';
import { inHost } from './host.js';
import { start, temporary } from './support.js';

const about: SyntheticRun = {
  ...{ updates: 40, metricsEvery: 10, evaluationEvery: 20, testExamples: 8 },
  ...{ signals: 'sounds', batch: false },
  metrics: [{ name: 'sdr', label: 'SDR', unit: 'dB', better: 'higher', value: () => 0 }],
};

/** Where it is, whether it stands still, and what it plays. */
const stateOf = (audio: Locator): Promise<{ at: number; paused: boolean; src: string }> =>
  audio.evaluate((e) => {
    const {
      currentTime: at,
      paused,
      src,
    } = e as unknown as {
      currentTime: number;
      paused: boolean;
      src: string;
    };
    return { at, paused, src };
  });

/** A port that nobody listens to. */
function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

describe.skipIf(chromiumPath === undefined)('sounds in Chromium', () => {
  const folder = temporary();
  const runs = join(folder, 'runs');
  let browser: Browser;
  beforeAll(async () => {
    await writeSyntheticRun(join(runs, 'one'), about);
    await writeSyntheticRun(join(runs, 'two'), { ...about, updates: 60 });
    for (const args of [
      ['report', join(runs, 'one')],
      ['compare', join(runs, 'one'), join(runs, 'two'), '--quiet', '--output', 'comparison.html'],
    ]) {
      expect(await inHost(args, folder)).toMatchObject({ code: 0, stderr: '' });
    }
    browser = await openBrowser();
  }, 120_000);
  afterAll(async () => browser.close());

  async function open(url: string): Promise<{ page: Page; watched: Watched }> {
    const page = await browser.newPage();
    const watched = watchPage(page);
    await page.goto(url);
    await page.waitForSelector('#samples audio');
    return { page, watched };
  }

  /** Plays from a second on, and changes to another signal on the way. */
  async function compareTwo(page: Page): Promise<void> {
    const player = page.locator('.player').first();
    const audio = player.locator('audio');
    await audio.evaluate(async (e) => {
      const media = e as unknown as { muted: boolean; currentTime: number; play(): Promise<void> };
      media.muted = true;
      media.currentTime = 1;
      await media.play();
    });
    const before = await stateOf(audio);
    expect(before.at).toBeGreaterThanOrEqual(1);
    await player.getByRole('button', { name: 'Input' }).click();
    await expect.poll(async () => (await stateOf(audio)).at).toBeGreaterThanOrEqual(before.at);
    expect((await stateOf(audio)).src).not.toBe(before.src);
    // It plays on, to its end.
    await expect.poll(async () => (await stateOf(audio)).at, { timeout: 10_000 }).toBe(2);
  }

  test('a file: one player an example, whose signals are changed where they are', async () => {
    const url = pathToFileURL(join(runs, 'one/report.html')).href;
    const { page, watched } = await open(url);
    expect(await page.locator('#samples audio').count()).toBe(4);
    expect(await page.locator('.player').first().getByRole('button').allInnerTexts()).toEqual([
      ...['Reference', 'Input', 'Ground truth', 'Result'],
    ]);
    expect(await page.getByRole('button', { name: 'Batch statistics' }).count()).toBe(0);
    await compareTwo(page);
    // A file holds what can be heard of the newest result alone, and says so.
    await page.locator('#samples input[type=range]').focus();
    await page.keyboard.press('Home');
    expect(await page.locator('#samples .grid figcaption').last().innerText()).toContain(
      'update 0',
    );
    expect(await page.locator('.listen .hint').innerText()).toContain('update 40');
    expect(watched).toEqual({ complaints: [], requests: [url] });
    await page.close();
  });

  test('a comparison: the results of all runs in one switch', async () => {
    const { page, watched } = await open(pathToFileURL(join(folder, 'comparison.html')).href);
    const names = await page.locator('.player').first().getByRole('button').allInnerTexts();
    expect(names).toEqual([
      ...['Reference', 'Input', 'Ground truth'],
      ...['synthetic, updates 40', 'synthetic, updates 60'],
    ]);
    expect(watched.complaints).toEqual([]);
    await page.close();
  });

  test('ncn watch: every update can be heard', async () => {
    const port = await freePort();
    const server = start(['watch', runs, '--port', String(port)]);
    await server.said('Ctrl-C');
    const { page, watched } = await open(`http://127.0.0.1:${port}/run/one`);
    await compareTwo(page);
    await page.locator('#samples input[type=range]').focus();
    await page.keyboard.press('Home');
    expect(await page.locator('.listen .hint').innerText()).toContain('update 0');
    expect(watched.complaints).toEqual([]);
    await page.close();
    server.kill('SIGTERM');
    expect((await server.finished).code).toBe(0);
  });
});
