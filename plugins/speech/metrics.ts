import { definePlugin, z } from 'ncn';
import { speechMetrics } from 'ncn/media';
import { speexDsp } from './speexdsp.js';

const span = (from: number, to: number) => z.tuple([z.number(), z.number()]).default([from, to]);

const options = z.strictObject({
  span: span(3, 9.95).describe('seconds over which speech is measured'),
  echoOnly: span(6.1, 6.95).describe('seconds in which there is echo alone'),
  leaveOut: z.array(z.string()).default([]).describe('metrics that are not wanted'),
  speexdsp: z
    .boolean()
    .default(true)
    .describe('whether SpeexDSP stands beside the network, where its library is installed'),
});

/** How good the speech is that is left, and how much of the echo. */
export default definePlugin({
  name: 'speech.metrics',
  version: '1.1.0',
  summary:
    'SI-SDR, filtered SDR, STOI, ESTOI, ERLE, collapse; beside those of microphone, canceller, SpeexDSP',
  options,
  setup({ hooks, options: { speexdsp, leaveOut, ...spans } }) {
    const clean = speexdsp ? speexDsp() : undefined;
    hooks.configuration.tap(({ note }) => {
      if (speexdsp && clean === undefined) {
        note('SpeexDSP is not compared with: its library (libspeexdsp) is not installed.');
      }
    });
    const others = clean === undefined ? [] : [{ suffix: 'Speex', label: 'SpeexDSP', clean }];
    hooks.metrics.tap(({ add }) => {
      for (const metric of speechMetrics({ sampleRate: 16_000, ...spans, others })) {
        if (!leaveOut.includes(metric.name)) add(metric);
      }
    });
  },
});
