import { expect, test } from 'vitest';
import type { EvaluatedExample } from '../../../core/evaluation/metric.js';
import { RandomStreams } from '../../../core/random/streams.js';
import { erle, filteredSdr } from '../../../media/audio/metrics/sdr.js';
import { speechMetrics } from '../../../media/audio/metrics/metrics.js';
import { makeClip } from '../../../media/audio/simulation/clip.js';
import { ingredientsOf } from '../../../media/audio/simulation/recipe.js';
import { speexDsp } from '../../../plugins/speech/speexdsp.js';
import { prepareTiny } from '../../../lab/testing/prepare.js';

const options = { seconds: 10, layout: 'test', rooms: 2, measured: 0 } as const;
const sounds = await ingredientsOf({
  place: { kind: 'embedded' },
  split: 'test',
  seed: 3,
  options,
});
const clip = await makeClip(new RandomStreams(3), 'test', 1, sounds, options);
const clean = speexDsp();
if (clean === undefined) console.log('SpeexDSP is not tested: libspeexdsp is not installed.');

const spoken = (signal: Float32Array): Float32Array => signal.subarray(48_000, 159_200);

test.skipIf(clean === undefined)('SpeexDSP takes echo and noise out, in time', () => {
  const output = clean?.(clip.microphone, clip.reference) ?? new Float32Array();
  expect(output.length).toBe(clip.microphone.length);
  const [before, after] = [clip.microphone, output].map((signal) =>
    filteredSdr(spoken(signal), spoken(clip.target)),
  );
  expect(after).toBeGreaterThan((before ?? NaN) + 4);
  const alone = (signal: Float32Array): Float32Array => signal.subarray(97_600, 111_200);
  expect(erle(alone(clip.microphone), alone(output))).toBeGreaterThan(10);
  // Of another length, and again the same: nothing is left of the call before.
  expect(clean?.(clip.microphone, clip.reference)).toEqual(output);
  expect(clean?.(clip.microphone.subarray(0, 1000), clip.reference).length).toBe(1000);
});

test('what stands beside the network is measured as the network is', async () => {
  const half = {
    suffix: 'Half',
    label: 'half',
    clean: (e: EvaluatedExample) => e.taken('microphone').data.map((v) => v / 2),
  };
  const metrics = speechMetrics({
    ...{ sampleRate: 16_000, span: [3, 9.95], echoOnly: [6.1, 6.95], others: [half] },
  });
  const tensor = (data: Float32Array) => ({ shape: [data.length, 1], data });
  const signals = { input: clip.microphone, cancelled: clip.cancelled, target: clip.target };
  const example = {
    output: tensor(clip.cancelled),
    signal: (role: string) => tensor(new Map(Object.entries(signals)).get(role) ?? clip.reference),
    taken: (name: string) =>
      name === 'conditions'
        ? tensor(Float32Array.of(clip.speechToEcho, 0))
        : tensor(name === 'microphone' ? clip.microphone : clip.reference),
  };
  const valueOf = async (name: string): Promise<number> =>
    (await metrics.find((metric) => metric.name === name)?.value(example)) ?? NaN;
  for (const name of ['sdr', 'stoi', 'estoi', 'erle']) {
    expect(await valueOf(`${name}Canceller`)).toBe(await valueOf(name));
    expect(metrics.find((m) => m.name === `${name}Half`)?.beside?.method).toBe('half');
  }
  expect(await valueOf('sdrHalf')).toBeCloseTo(await valueOf('sdrMicrophone'), 4);
  expect(await valueOf('erleHalf')).toBeCloseTo(20 * Math.log10(2), 4);
  expect(await valueOf('speechToEcho')).toBeCloseTo(clip.speechToEcho, 4);
});

test('whether SpeexDSP is there, a run says, and may go without', async () => {
  const declared = async (values: Record<string, boolean>): Promise<string[]> => {
    const prepared = await prepareTiny({
      preset: 'speech_cnn_v1',
      values: { dataset: 'speech:embedded', ...values },
    });
    return prepared.built.metrics.map(({ name }) => name);
  };
  expect((await declared({})).includes('sdrSpeex')).toBe(clean !== undefined);
  expect(await declared({ 'speech.metrics.speexdsp': false })).not.toContain('sdrSpeex');
});
