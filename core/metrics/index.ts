export interface ImageMetrics {
  content: number;
  mse: number;
  crossEntropy: number;
  psnr: number;
  ssim: number;
  collapseRate: number;
}
export function evaluateImages(a: {
  output: Float32Array;
  target: Float32Array;
  reference: Float32Array;
  count: number;
  height: number;
  width: number;
}): ImageMetrics {
  const n = a.height * a.width;
  let content = 0,
    mse = 0,
    collapsed = 0,
    psnr = 0;
  for (let i = 0; i < a.count; i++) {
    let yt = 0,
      yr = 0,
      tt = 0,
      rr = 0,
      se = 0;
    for (let p = i * n; p < (i + 1) * n; p++) {
      const y = a.output[p] ?? 0,
        t = a.target[p] ?? 0,
        r = a.reference[p] ?? 0;
      content += Math.abs(y - t);
      se += (y - t) ** 2;
      yt += y * t;
      yr += y * r;
      tt += t * t;
      rr += r * r;
    }
    mse += se / 2;
    psnr += -10 * Math.log10(se / n + 1e-12);
    if ((yr * yr) / rr > (yt * yt) / tt) collapsed++;
  }
  const all = a.count * n;
  return {
    content: content / all,
    mse: mse / all,
    crossEntropy: 0,
    psnr: psnr / a.count,
    ssim: 0,
    collapseRate: collapsed / a.count,
  };
}
