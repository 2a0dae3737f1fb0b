/**
 * How long one piece of a run's main network takes, one after the other on one thread, and to open it:
 * `npm run bench:frame`. Of the model that comes with the package, a piece is 16 ms of sound.
 *
 *     node dist/bench/frame.js [--run DIR] [--pieces 500]
 */
import { openRun } from '../core/open/open.js';
import { scriptOptions, whole, word } from './options.js';

const values = scriptOptions({
  command: 'npm run bench:frame',
  about: "Times one piece of a run's main network after the other, on one thread.",
  options: {
    run: word('dir', 'the run', 'models/speech-small'),
    pieces: whole('pieces to time', 500),
  },
});

const start = performance.now();
const run = await openRun(values.run);
const stream = await run.stream();
const opened = performance.now() - start;
const inputs = Object.fromEntries(
  [...stream.inputs].map(([name, shape]) => {
    const size = shape.reduce((product, side) => product * side, 1);
    return [name, Float32Array.from({ length: size }, (_, i) => 0.1 * Math.sin(i))];
  }),
);
const times: number[] = [];
for (let i = 0; i < values.pieces; i++) {
  const before = performance.now();
  await stream.push(inputs);
  times.push(performance.now() - before);
}
times.sort((a, b) => a - b);
const at = (part: number): string => (times[Math.floor(part * times.length)] ?? NaN).toFixed(2);
console.log(`opened in ${opened.toFixed(0)} ms`);
console.log(`a piece: ${at(0.5)} ms (a tenth below ${at(0.1)}, a tenth above ${at(0.9)})`);
await stream.close();
await run.close();
