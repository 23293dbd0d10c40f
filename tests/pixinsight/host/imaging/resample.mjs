// Bicubic interpolation of a plane to another size: what PixelMath does, silently, when sizes differ.

const clamp = (i, n) => Math.min(Math.max(i, 0), n - 1);

// Weights of four neighbours around each target place along one axis.
const taps = (from, to) => Array.from({ length: to }, (_, i) => {
   const place = i * from / to;
   const base = Math.floor(place);
   const t = place - base;
   return {
      at: [-1, 0, 1, 2].map(k => clamp(base + k, from)),
      by: [((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t, (0.5 * t - 0.5) * t * t]
   };
});

/** A plane of `width` by `height` samples at another size, in real values; `max` is what 1 is in the samples. */
export function bicubic(samples, width, height, newWidth, newHeight, max = 1) {
   const rows = taps(height, newHeight);
   const columns = taps(width, newWidth);
   const result = new Float64Array(newWidth * newHeight);
   rows.forEach((row, y) => columns.forEach((column, x) => {
      let sum = 0;
      for (let j = 0; j < 4; ++j)
         for (let i = 0; i < 4; ++i) sum += row.by[j] * column.by[i] * samples[row.at[j] * width + column.at[i]];
      result[y * newWidth + x] = sum / max;
   }));
   return result;
}
