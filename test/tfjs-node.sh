#!/usr/bin/env bash
# Tests on tfjs-node: `npm run test:tfjs-node`. Needs Linux on x86-64, python3 with pip, and g++.
#
# tfjs-node fetches its binding and TensorFlow's library from a server of its own when it is
# installed. This uses neither: the library comes from TensorFlow's wheel on PyPI, and the binding is
# compiled from the source in the npm package. (Without --save-dev npm 11 leaves out what is an
# optional peer.) Nothing is saved to package.json; `npm ci` undoes it.
set -euo pipefail
cd "$(dirname "$0")/.."
cache="${NCN_TFJS_CACHE:-${TMPDIR:-/tmp}/ncn-tfjs-node-$(id -u)}"
mkdir -p "$cache"
npm install --no-save --save-dev --no-audit --no-fund --ignore-scripts \
  @tensorflow/tfjs-node@4.22.0 node-api-headers@1.8.0
if [ ! -e "$cache/tensorflow/libtensorflow_cc.so.2" ]; then
  python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$cache" tensorflow-cpu
  python3 - "$cache" <<'PYTHON'
import pathlib, sys, zipfile
cache = pathlib.Path(sys.argv[1])
wheel = next(cache.glob('tensorflow_cpu-*.whl'))
with zipfile.ZipFile(wheel) as files:
    for name in files.namelist():
        header = name.startswith('tensorflow/include/') and name.endswith(('.h', '.inc'))
        if header or name.startswith('tensorflow/libtensorflow'):
            files.extract(name, cache)
wheel.unlink()
PYTHON
fi
package=node_modules/@tensorflow/tfjs-node
mkdir -p "$package/lib/napi-v8"
g++ -std=c++17 -O2 -fPIC -shared -DNAPI_VERSION=8 -DBUILDING_NODE_EXTENSION \
  -I "$package/.." -I node_modules/node-api-headers/include -I "$cache/tensorflow/include" \
  "$package/binding/tfjs_backend.cc" "$package/binding/tfjs_binding.cc" \
  -L "$cache/tensorflow" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 \
  "-Wl,-rpath,$cache/tensorflow" -o "$package/lib/napi-v8/tfjs_binding.node"
npx vitest run test/core/engine/tfjs-node.test.ts test/e2e/tensorboard-writers.test.ts -t 'tfjs-node'
