/**
 * What a run of documented length costs to look at: `npm run bench:page`.
 *
 * Writes a synthetic run (`--updates N`, default 500,000; made-up numbers, as many lines and
 * examples as the documented profile writes), makes its page with `ncn report`, and opens it in
 * headless Chromium. Prints file sizes, the time that ncn report takes, and the time from opening
 * the page until its charts are drawn.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { maybe, scriptOptions, whole, word } from './options.js';
import { writeSyntheticRun } from './synthetic-run.js';

const {
  updates,
  chromium: executablePath,
  keep,
} = scriptOptions({
  command: 'npm run bench:page',
  about: 'What a run of documented length costs to look at.',
  options: {
    updates: whole('updates of the run', 500_000),
    chromium: word('path', 'the browser', '/usr/bin/chromium'),
    keep: maybe('dir', 'where to keep the run'),
  },
});
const main = resolve(import.meta.dirname, '../cli/main.js');
const folder = keep ?? (await mkdtemp(join(tmpdir(), 'ncn-page-')));
const run = join(folder, 'long');
const size = async (file: string): Promise<string> =>
  `${((await stat(join(run, file))).size / 2 ** 20).toFixed(2)} MiB`;
try {
  await writeSyntheticRun(run, {
    updates,
    metricsEvery: 100,
    evaluationEvery: 1000,
    testExamples: 10_000,
  });
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [main, 'report', run], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  console.log(`ncn report: ${((performance.now() - began) / 1000).toFixed(2)} s`);
  for (const file of ['metrics.jsonl', 'test-examples.safetensors', 'report.html']) {
    console.log(`${file}: ${await size(file)}`);
  }
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox'],
  });
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const start = performance.now();
    await page.goto(pathToFileURL(join(run, 'report.html')).href);
    await page.waitForSelector('main h1');
    await page.locator('[data-chart="terms"]').scrollIntoViewIfNeeded();
    await page.waitForSelector('[data-chart="terms"] canvas');
    await page.evaluate(
      'new Promise((f) => requestAnimationFrame(() => requestAnimationFrame(f)))',
    );
    times.push((performance.now() - start) / 1000);
    await page.close();
  }
  await browser.close();
  times.sort((a, b) => a - b);
  console.log(`opened, charts drawn: ${times.map((t) => t.toFixed(2)).join(', ')} s`);
} finally {
  if (keep === undefined) await rm(folder, { recursive: true, force: true });
}
