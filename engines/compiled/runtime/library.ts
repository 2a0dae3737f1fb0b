import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Where ONNX Runtime's shared library is, or why there is none. */
export type LibraryLocation = { readonly path: string } | { readonly reason: string };

/** Names of the shared library, by platform. */
const fileNames: Partial<Record<NodeJS.Platform, RegExp>> = {
  linux: /^libonnxruntime\.so(\.[\d.]+)?$/,
  darwin: /^libonnxruntime(\.[\d.]+)?\.dylib$/,
  win32: /^onnxruntime\.dll$/,
};

/**
 * Finds the library in the npm packages that carry it. `NCN_ONNXRUNTIME` names another one.
 * The first package has it for the CPU and installs without scripts; `onnxruntime-node`, where
 * someone has installed it, has it with more execution providers.
 */
export function findLibrary(): LibraryLocation {
  const given = process.env['NCN_ONNXRUNTIME'];
  if (given !== undefined && given !== '') {
    return existsSync(given) ? { path: given } : { reason: `NCN_ONNXRUNTIME: no file ${given}` };
  }
  const { platform, arch } = process;
  const name = fileNames[platform];
  if (name === undefined) return { reason: `no ONNX Runtime is known for ${platform}` };
  const system = platform === 'win32' ? 'win' : platform;
  const carrier = `sherpa-onnx-${system}-${arch}`;
  return (
    lookIn(carrier, '.', name) ??
    lookIn('onnxruntime-node', join('bin', 'napi-v6', platform, arch), name) ?? {
      reason: `the package ${carrier}, which carries ONNX Runtime for ${platform} ${arch}, is not installed`,
    }
  );
}

/** Finds the library with execution providers for GPUs, which an optional package carries. */
export function findDeviceLibrary(): LibraryLocation {
  const { platform, arch } = process;
  const name = fileNames[platform];
  const folder = join('bin', 'napi-v6', platform, arch);
  const found = name === undefined ? undefined : lookIn('onnxruntime-node', folder, name);
  return found ?? { reason: 'not installed (npm install onnxruntime-node)' };
}

function lookIn(packageName: string, folder: string, name: RegExp): LibraryLocation | undefined {
  try {
    const home = dirname(require.resolve(`${packageName}/package.json`));
    const found = readdirSync(join(home, folder)).find((file) => name.test(file));
    return found === undefined ? undefined : { path: join(home, folder, found) };
  } catch {
    return undefined;
  }
}
