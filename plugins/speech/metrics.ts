import { definePlugin, z } from 'ncn';
import { speechMetrics } from 'ncn/media';
import { otherMethods, withOthers } from './others.js';

const span = (from: number, to: number) => z.tuple([z.number(), z.number()]).default([from, to]);

const options = z.strictObject({
  span: span(3, 9.95).describe('seconds over which speech is measured'),
  echoOnly: span(6.1, 6.95).describe('seconds in which there is echo alone'),
  leaveOut: z.array(z.string()).default([]).describe('metrics that are not wanted'),
  ...withOthers,
});

/** How good the speech is that is left, and how much of the echo. */
export default definePlugin({
  name: 'speech.metrics',
  version: '1.2.0',
  summary:
    'SI-SDR, filtered SDR, STOI, ESTOI, ERLE, collapse; beside those of microphone, canceller, SpeexDSP, GTCRN',
  options,
  setup({ hooks, options: { speexdsp, gtcrn, leaveOut, ...spans } }) {
    const { methods, missing } = otherMethods({ speexdsp, gtcrn });
    hooks.configuration.tap(({ note }) => {
      missing.forEach((line) => {
        note(line);
      });
    });
    hooks.metrics.tap(({ add }) => {
      for (const metric of speechMetrics({ sampleRate: 16_000, ...spans, others: methods })) {
        if (!leaveOut.includes(metric.name)) add(metric);
      }
    });
  },
});
