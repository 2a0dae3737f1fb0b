import { readFileSync, writeFileSync } from 'node:fs';
import { knownKernels, supportedKernels } from '../engines/compiled/index.js';

const file = 'docs/kernels.md';

/** Kernels of tf.js that no training step can meet: strings, sparse and ragged tensors, pictures of a page. */
const outOfPlace = /^(Draw|FromPixels|Ragged|Sparse|String|StaticRegex)/;

/** `docs/kernels.md`, from the registry of the compiled engine. */
export function kernelsPage(): string {
  const supported = new Set(supportedKernels());
  const others = knownKernels().filter((name) => !supported.has(name) && !outOfPlace.test(name));
  return `# What the compiled engines can run

Made by \`npm run kernels\`; a test compares it with the engine's registry.

A training step of tf.js operations becomes kernels of tf.js, of forward and backward pass alike. These
${supported.size} can be compiled, for \`compiled\` and for \`compiled:webgpu\`; what ONNX Runtime's WebGPU
provider has no operator for, its CPU provider computes within the same graph, with copies. On WebGPU
not every kernel was compared with tf.js, and on a software driver \`Acos\`, \`Cos\`, \`Sin\`, \`Tan\`,
\`IsNan\` and the gradient of \`SquaredDifference\` did not pass the tests, which allow 3e-5:

${list([...supported])}

These cannot. A step that uses one fails before training starts, with the name of the kernel and of the
plugin, and runs with \`--engine wasm\` or \`cpu\`, if tf.js has it there:

${list(others)}

Also not: kernels of strings, of sparse and ragged tensors, and of a browser's pictures; the data format
NCHW; GatherV2 with batch dimensions; complex numbers.
`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

if (process.argv.includes('--write')) {
  writeFileSync(file, kernelsPage());
  process.stdout.write(`${file}: ${readFileSync(file, 'utf8').length} characters\n`);
}
