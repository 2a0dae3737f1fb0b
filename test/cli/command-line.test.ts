import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { askSize } from '../../cli/ask-size.js';
import { valuesOf } from '../../cli/context.js';
import { program } from '../../cli/program.js';
import { quoted } from '../../cli/quote.js';
import { decimalNumber, wholeNumber } from '../../cli/values.js';
import { NcnError } from '../../core/errors/error.js';
import { didYouMean } from '../../core/errors/nearest.js';
import { didYouMeanPath } from '../../core/errors/similar-path.js';
import { PresetLibrary } from '../../core/experiment/library.js';
import { PluginLoader } from '../../core/plugins/loader.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a command line is refused with: its error, and what the parser said. */
async function refusal(...args: string[]): Promise<string> {
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  try {
    await program(args);
  } catch (error) {
    return error instanceof NcnError ? `${error.code} ${error.message} ${error.hint ?? ''}` : said;
  }
  throw new Error('it was accepted');
}

test.each(['', ' ', '0x10', '1e3', '+5', '-1', '1.5', '9007199254740993', 'abc'])(
  '%j is no whole number',
  (text) => {
    expect(() => wholeNumber(text)).toThrow(/not a whole number/);
  },
);

test.each(['', '0x10', 'NaN', 'Infinity', '1e400', '1,5', '.'])('%j is no number', (text) => {
  expect(() => decimalNumber(text)).toThrow(/not a number/);
});

test('numbers are taken in decimal digits', () => {
  expect(['0', '200000'].map(wholeNumber)).toEqual([0, 200_000]);
  expect(['.5', '5.', '+1e-3', '-2'].map(decimalNumber)).toEqual([0.5, 5, 0.001, -2]);
});

test.each([
  [['--preset', ''], /NCN_USAGE_EMPTY --preset/],
  [['--preset', 'dcnn_v1', '--plugin', ''], /NCN_USAGE_EMPTY --plugin/],
  [['--preset', 'dcnn_v1', '--run-dir', ' '], /NCN_USAGE_EMPTY --run-dir/],
  [['--preset', 'dcnn_v1', '--seed', ''], /NCN_USAGE_NUMBER ''/],
  [['watch', '--port', ''], /NCN_USAGE_NUMBER ''/],
  [['report', ''], /NCN_USAGE_EMPTY The argument 'runs'/],
  [['resume', ''], /NCN_USAGE_EMPTY The argument 'run'/],
  [['--lr', '0.1'], /optimizer\.adam\.learningRate/],
  [['--learning_rate=1'], /optimizer\.adam\.learningRate/],
  [['run', '--epochs', '3'], /--updates/],
  [['--batch-size', '8'], /--batch/],
  [['--device', 'cpu'], /--engine/],
  [['dcnn_v1'], /ncn --preset dcnn_v1/],
  [['train'], /Did you mean 'run'/],
  [['list'], /Did you mean 'runs'/],
])('%j is refused and helped', async (args, text) => {
  expect(await refusal(...args)).toMatch(text);
});

test('a preset and a plugin without a name are none', async () => {
  const library = await PresetLibrary.load();
  await expect(library.open('')).rejects.toMatchObject({ code: 'NCN_PRESET_UNKNOWN' });
  await expect(new PluginLoader().load('')).rejects.toMatchObject({ code: 'NCN_PLUGIN_NOT_FOUND' });
});

test('names are found by a part, paths by their last part and by what others call them', () => {
  const presets = ['dcnn_v1', 'dcnn_v2', 'dcgans_v1'];
  expect(didYouMean('dcnn', presets)).toBe("Did you mean 'dcnn_v1' or 'dcnn_v2'?");
  expect(didYouMean('nothing', presets)).toBe('Known: dcnn_v1, dcnn_v2, dcgans_v1.');
  const paths = ['updates', 'batch', 'optimizer.adam.learningRate', 'loss.content.weight'];
  expect(didYouMeanPath('lr', paths)).toBe("Did you mean 'optimizer.adam.learningRate'?");
  expect(didYouMeanPath('learning_rate', paths)).toContain("'optimizer.adam.learningRate'");
  expect(didYouMeanPath('batch_size', paths)).toBe("Did you mean 'batch'?");
  expect(didYouMeanPath('epochs', paths)).toBe("Did you mean 'updates'?");
  expect(didYouMeanPath('loss.weight', paths)).toContain("'loss.content.weight'");
});

test('of options that set the same value, the last one counts', () => {
  const values = (order: ('updates' | 'set')[]) =>
    valuesOf({ updates: 8, set: ['updates=9'], order }).map(([path, value]) => [path, value]);
  expect(values(['set', 'updates'])).toEqual([
    ['updates', 9],
    ['updates', 8],
  ]);
  expect(values(['updates', 'set'])).toEqual([
    ['updates', 8],
    ['updates', 9],
  ]);
});

test('a printed command can be pasted', () => {
  expect(quoted('runs/20261128-1-dcnn_v1')).toBe('runs/20261128-1-dcnn_v1');
  expect(quoted("my runs/it's")).toBe(String.raw`'my runs/it'\''s'`);
});

test.each([
  ['2\n', 'documented'],
  ['what?\n quick \n', 'quick'],
  ['', undefined],
])('the size of a long run is asked for: %j gives %s', async (typed, profile) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const sizes = [
    { profile: 'quick', summary: 'small', seconds: 600 },
    { profile: 'documented', summary: 'as published', seconds: 30 * 86_400 },
  ];
  const answer = askSize(sizes, input, output);
  input.end(typed);
  expect(await answer).toBe(profile);
  const said = String(output.read());
  expect(said).toContain('10 min');
  expect(said).toContain('30 days');
});
