import type { BatchMatMulAttrs, _FusedMatMulAttrs } from '@tensorflow/tfjs-core';
import { kernel } from '../register.js';
import { finish } from '../fused.js';

kernel<BatchMatMulAttrs>('BatchMatMul', (b, i, { transposeA, transposeB }) =>
  b.matmul(i.get('a'), i.get('b'), transposeA, transposeB),
);

kernel<_FusedMatMulAttrs>('_FusedMatMul', (b, i, a) =>
  finish(b, b.matmul(i.get('a'), i.get('b'), a.transposeA, a.transposeB), i, a),
);
