import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { slurmLauncher } from '../../../lab/launch/slurm/launcher.js';
import { slurmOptions } from '../../../lab/launch/slurm/options.js';
import { ledgerFile, readLedger } from '../../../lab/sweep/ledger.js';
import { record, submitSweep, type SubmitParts } from '../../../lab/sweep/submit.js';
import { surveyTwice } from '../../../lab/sweep/survey.js';
import { wanted } from '../../lab/sweep/support.js';
import { ScriptedSlurm } from './scripted-slurm.js';

const temporary = (): string => mkdtempSync(join(tmpdir(), 'ncn-scripted-'));
const slurm = new ScriptedSlurm(temporary());
const silent = (): void => undefined;
let directory: string;

beforeEach(() => {
  slurm.reset('answers');
  directory = join(temporary(), 'sweep');
});

/** A sweep of so many jobs. */
function sweep(
  count: number,
  options: Readonly<Record<string, unknown>> = {},
  atOnce: number | null = null,
): SubmitParts {
  const launcher = slurmLauncher(slurmOptions.parse({ grace: 0.05, ...options }));
  return {
    ...{ directory, atOnce, say: silent, debug: silent },
    jobs: Array.from({ length: count }, (_, i) => ({
      ...wanted('a', i + 1),
      ...{ updates: 1, work: 1, channels: 1, unreached: [], data: 'digits' },
    })),
    chosen: { launcher, plugin: 'launcher.slurm', options: {} },
  };
}

const scripts = (): string[] =>
  slurm
    .calls('sbatch')
    .map((token) => readFileSync(join(directory, 'submissions', `${token}.sh`), 'utf8'));

const settings = (script: string, name: string): string | undefined =>
  new RegExp(`^#SBATCH --${name}=(.*)$`, 'm').exec(script)?.[1];

/** As `ncn sweep status` says. */
async function states(parts: SubmitParts, waiting = silent): Promise<string[]> {
  const { launcher } = parts.chosen;
  const found = await surveyTwice(directory, await readLedger(directory), launcher, waiting);
  await record(directory, found, silent);
  return [...found.records.values()].map(({ state }) => state);
}

const ledger = (): string => readFileSync(join(directory, ledgerFile), 'utf8');

describe('arrays', () => {
  test('a sweep larger than an array is split, and its parts share the number that may run', async () => {
    await submitSweep(sweep(10, { arraySize: 4 }, 5));
    expect(scripts().map((script) => settings(script, 'array'))).toEqual([
      ...['0-3%2', '0-3%2', '0-1%1'],
    ]);
    expect(scripts().map((script) => settings(script, 'dependency'))).toEqual([
      ...[undefined, undefined, undefined],
    ]);
    expect(new Set(slurm.calls('sbatch')).size).toBe(3);
  });

  test('where fewer may run than there are arrays, they wait for each other', async () => {
    await submitSweep(sweep(7, { arraySize: 2 }, 2));
    expect(scripts().map((script) => settings(script, 'array'))).toEqual([
      ...['0-1%1', '0-1%1', '0-1%1', '0-0%1'],
    ]);
    expect(scripts().map((script) => settings(script, 'dependency'))).toEqual([
      ...[undefined, undefined, 'afterany:101', 'afterany:102'],
    ]);
  });

  test('a task finds its line, whatever is in it, and its script does not grow', async () => {
    const say = join(temporary(), "it's\na name.sh");
    writeFileSync(say, 'printf "%s|" "$@"\n');
    const options = slurmOptions.parse({});
    const folder = temporary();
    const jobs = ['one', "t w'o", 'th\nre\\e'].map((name, i) => ({
      ...{ name, cwd: folder, threads: 1, device: null, log: join(folder, `${i}.log`) },
      command: ['/bin/bash', say, name, '$HOME', '"'] as const satisfies [string, ...string[]],
    }));
    await slurmLauncher(options).submit({ token: 'ncn-1', jobs, atOnce: null, folder });
    const script = join(folder, 'ncn-1.sh');
    for (const [i, { name, log }] of jobs.entries()) {
      const env = { ...process.env, SLURM_ARRAY_JOB_ID: '1', SLURM_ARRAY_TASK_ID: String(i) };
      execFileSync('/bin/bash', [script], { env });
      expect(readFileSync(log, 'utf8')).toBe(`${name}|$HOME|"|`);
    }
    const size = readFileSync(script).length;
    const many = Array.from({ length: 500 }, () => jobs).flat();
    await slurmLauncher(options).submit({ token: 'ncn-2', jobs: many, atOnce: null, folder });
    expect(readFileSync(join(folder, 'ncn-2.sh')).length).toBeLessThan(size + 10);
  });
});

describe('an answer that got lost', () => {
  test.each(['times out', 'is killed', 'says nothing'])(
    'sbatch %s: the jobs are found again by their token, and handed in once',
    async (mode) => {
      slurm.behave(mode);
      const parts = sweep(3);
      await expect(submitSweep(parts)).rejects.toMatchObject({ code: 'NCN_LAUNCHER_SILENT' });
      slurm.behave('answers');
      expect((await submitSweep(parts)).submitted).toEqual([]);
      expect(slurm.calls('sbatch')).toHaveLength(1);
      expect(ledger()).toContain('"array":101');
      expect(await states(parts)).toEqual(['queued', 'queued', 'queued']);
    },
  );

  test('a message that nobody knows is checked before it counts as a refusal', async () => {
    slurm.behave('says something new');
    expect((await submitSweep(sweep(2))).submitted).toHaveLength(1);
    expect(ledger()).toContain('"array":101');
  });

  test('and where then nobody answers, the intent stands', async () => {
    slurm.behave('says something new');
    slurm.answer(false);
    const parts = sweep(2);
    await expect(submitSweep(parts)).rejects.toMatchObject({ code: 'NCN_SLURM_REFUSED' });
    expect(ledger()).not.toContain('refused');
    slurm.answer(true);
    slurm.behave('answers');
    expect((await submitSweep(parts)).submitted).toEqual([]);
    expect(slurm.calls('sbatch')).toHaveLength(1);
  });

  test('refused jobs are back in the plan; what a site has sbatch say does no harm', async () => {
    slurm.behave('refuses');
    const parts = sweep(2);
    await expect(submitSweep(parts)).rejects.toMatchObject({ code: 'NCN_SLURM_REFUSED' });
    expect(await states(parts)).toEqual(['planned', 'planned']);
    slurm.behave('chatters');
    expect((await submitSweep(parts)).submitted).toHaveLength(1);
    expect(ledger()).toContain('"array":102');
  });
});

describe('out of sight', () => {
  test('a controller that does not answer means unknown, and changes nothing', async () => {
    const parts = sweep(2);
    await submitSweep(parts);
    const before = ledger();
    slurm.answer(false);
    expect(await states(parts)).toEqual(['unknown', 'unknown']);
    expect((await submitSweep(parts)).submitted).toEqual([]);
    expect(ledger()).toBe(before);
    // Once it was out of sight, and then nobody answered: that is not twice.
    slurm.answer(true);
    const { queue } = slurm;
    slurm.queue = '';
    expect(await states(parts, () => slurm.answer(false))).toEqual(['unknown', 'unknown']);
    slurm.answer(true);
    slurm.queue = queue;
    expect(await states(parts)).toEqual(['queued', 'queued']);
    expect(ledger()).toBe(before);
  });

  test('lost is what two looks do not find; one that comes back in between is not', async () => {
    const parts = sweep(3);
    await submitSweep(parts);
    const { queue } = slurm;
    const lines = queue.split('\n');
    slurm.queue = '';
    const back = (): void => {
      slurm.queue = lines.slice(0, 2).join('\n');
    };
    expect(await states(parts, back)).toEqual(['queued', 'queued', 'lost']);
    expect((await submitSweep(parts)).submitted.map(({ jobs }) => jobs)).toEqual([1]);
    expect(slurm.calls('sbatch')).toHaveLength(2);
  });

  test('one squeue asks for all arrays', async () => {
    const parts = sweep(6, { arraySize: 2 });
    await submitSweep(parts);
    const before = slurm.calls('squeue').length;
    expect(await states(parts)).toEqual(Array.from({ length: 6 }, () => 'queued'));
    const asked = slurm.calls('squeue').slice(before);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain(slurm.calls('sbatch').join(','));
  });
});
