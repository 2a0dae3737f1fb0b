import type { NetworkStream } from '../../core/step/stream.js';
import { nextName, pastName } from './stream.js';

/** Whether it takes and gives waveforms of one channel, of which the examples can be files. */
export const isWave = ({ inputShapes, hop }: NetworkStream): boolean =>
  [...inputShapes.values()].every((shape) => shape.join() === `${hop},1`);

interface Shapes {
  readonly [name: string]: readonly number[];
}

const shapesOf = ({ memory }: NetworkStream): Shapes =>
  Object.fromEntries([...memory].map(([name, { shape }]) => [pastName(name), shape]));

/**
 * Programs that run a model of one piece on WAV files, self-contained but for ONNX Runtime.
 * @param model its file name
 */
export function usageOf(stream: NetworkStream, model: string): ReadonlyMap<string, string> {
  const base = model.replace(/\.onnx$/, '');
  return new Map([
    [`${base}.py`, python(stream, model)],
    [`${base}.mjs`, javascript(stream, model)],
  ]);
}

/** Whether a text is one of these programs, of whichever version: what its first line says. */
export const isUsage = (program: string): boolean =>
  /^(?:\/\/ |""")Runs .+ piece by piece on WAV files/.test(program);

/** A file name in a comment, which ends with its line. */
const told = (name: string): string => name.replace(/\p{Cc}/gu, '?');

/** The same in a text of Python. */
const toldInText = (name: string): string => told(name).replace(/[\\"]/g, '\\$&');

const argumentsOf = ({ inputShapes }: NetworkStream): string =>
  [...[...inputShapes.keys()].map((name) => `${name}.wav`), 'output.wav'].join(' ');

function python(stream: NetworkStream, model: string): string {
  const names = JSON.stringify([...stream.inputShapes.keys()]);
  return `"""Runs ${toldInText(model)} piece by piece on WAV files of 16 bits, one channel, and the rate it was trained on.

    pip install numpy onnxruntime
    python ${toldInText(model.replace(/\.onnx$/, '.py'))} ${argumentsOf(stream)}
"""
import os, sys, wave
import numpy as np
import onnxruntime as ort

HOP, LATENCY = ${stream.hop}, ${stream.latency}
INPUTS = ${names}
MEMORY = ${JSON.stringify(shapesOf(stream))}


def read(path):
    with wave.open(path, "rb") as file:
        if file.getnchannels() != 1 or file.getsampwidth() != 2:
            sys.exit(f"{path}: 16 bits and one channel were expected")
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return data.astype(np.float32) / 32768, file.getframerate()


if len(sys.argv) != len(INPUTS) + 2:
    sys.exit(__doc__)
signals, rates = zip(*(read(path) for path in sys.argv[1:-1]))
if len(set(rates)) > 1:
    sys.exit(f"files of one sampling rate were expected, not of {', '.join(map(str, rates))}")
length = len(signals[0])
options = ort.SessionOptions()
options.intra_op_num_threads = 1
here = os.path.dirname(os.path.abspath(__file__))
session = ort.InferenceSession(os.path.join(here, ${JSON.stringify(model)}), options)
names = [output.name for output in session.get_outputs()]
memory = {name: np.zeros(shape, np.float32) for name, shape in MEMORY.items()}
pieces = []
for start in range(0, length + LATENCY, HOP):
    feed = dict(memory)
    for name, signal in zip(INPUTS, signals):
        piece = signal[start:start + HOP]
        feed[name] = np.pad(piece, (0, HOP - len(piece))).reshape(1, HOP, 1)
    results = dict(zip(names, session.run(names, feed)))
    memory = {name: results["next/" + name[5:]] for name in memory}
    pieces.append(results["output"].reshape(HOP))
output = np.concatenate(pieces)[LATENCY:LATENCY + length]
with wave.open(sys.argv[-1], "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(rates[0])
    file.writeframes((np.clip(output, -1, 32767 / 32768) * 32768).round().astype("<i2").tobytes())
`;
}

function javascript(stream: NetworkStream, model: string): string {
  const names = JSON.stringify([...stream.inputShapes.keys()]);
  const next = Object.fromEntries(
    [...stream.memory.keys()].map((name) => [pastName(name), nextName(name)]),
  );
  return `// Runs ${told(model)} piece by piece on WAV files of 16 bits, one channel, and the rate it was trained on.
//
//     npm install onnxruntime-node
//     node ${told(model.replace(/\.onnx$/, '.mjs'))} ${argumentsOf(stream)}
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ort from 'onnxruntime-node';

const hop = ${stream.hop};
const latency = ${stream.latency};
const inputs = ${names};
const shapes = ${JSON.stringify(shapesOf(stream))};
const next = ${JSON.stringify(next)};

function fail(why) {
  console.error(why);
  process.exit(1);
}

function read(path) {
  const file = readFileSync(path);
  let format;
  for (let at = 12; at + 8 <= file.length; at += 8 + file.readUInt32LE(at + 4) + (file[at + 4] & 1)) {
    const name = file.toString('latin1', at, at + 4);
    if (name === 'fmt ') format = file.subarray(at + 8);
    if (name !== 'data') continue;
    if (format.readUInt16LE(2) !== 1 || format.readUInt16LE(14) !== 16) break;
    const data = file.subarray(at + 8, at + 8 + file.readUInt32LE(at + 4));
    const samples = Float32Array.from({ length: data.length >> 1 }, (_, i) => data.readInt16LE(2 * i) / 32768);
    return { samples, rate: format.readUInt32LE(4) };
  }
  return fail(\`\${path}: 16 bits and one channel were expected\`);
}

const paths = process.argv.slice(2);
if (paths.length !== inputs.length + 1) fail(\`give \${inputs.join(', ')} and the output\`);
const signals = paths.slice(0, -1).map(read);
const rates = signals.map(({ rate }) => rate);
if (new Set(rates).size > 1) fail(\`files of one sampling rate were expected, not of \${rates.join(', ')}\`);
const { length } = signals[0].samples;
const here = dirname(fileURLToPath(import.meta.url));
const session = await ort.InferenceSession.create(readFileSync(join(here, ${JSON.stringify(model)})), {
  intraOpNumThreads: 1,
});
let memory = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => [
    name,
    new ort.Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b, 1)), shape),
  ]),
);
const all = new Float32Array(Math.ceil((length + latency) / hop) * hop);
for (let at = 0; at < length + latency; at += hop) {
  const feed = { ...memory };
  inputs.forEach((name, i) => {
    const piece = new Float32Array(hop);
    piece.set(signals[i].samples.subarray(at, at + hop));
    feed[name] = new ort.Tensor('float32', piece, [1, hop, 1]);
  });
  const results = await session.run(feed);
  memory = Object.fromEntries(Object.entries(next).map(([past, name]) => [past, results[name]]));
  all.set(results.output.data, at);
}
const out = Buffer.alloc(44 + 2 * length);
out.write('RIFF', 0);
out.writeUInt32LE(36 + 2 * length, 4);
out.write('WAVEfmt ', 8);
out.writeUInt32LE(16, 16);
[1, 1].forEach((value, i) => out.writeUInt16LE(value, 20 + 2 * i));
out.writeUInt32LE(signals[0].rate, 24);
out.writeUInt32LE(2 * signals[0].rate, 28);
[2, 16].forEach((value, i) => out.writeUInt16LE(value, 32 + 2 * i));
out.write('data', 36);
out.writeUInt32LE(2 * length, 40);
for (let i = 0; i < length; i++) {
  const value = Math.round(all[latency + i] * 32768);
  out.writeInt16LE(Math.max(-32768, Math.min(32767, value)), 44 + 2 * i);
}
writeFileSync(paths.at(-1), out);
`;
}
