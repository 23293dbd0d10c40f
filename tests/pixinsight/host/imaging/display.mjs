// From samples to what is seen: midtones, display functions, 8-bit pixels.

import { convert, FLOAT32, toNative } from './formats.mjs';
import { Raster } from './raster.mjs';

export const IDENTITY_STF = [0.5, 0, 1, 0, 1];

/** Midtones transfer function: 0, m and 1 go to 0, 0.5 and 1. */
export function mtf(m, x) {
   if (x <= 0) return 0;
   if (x >= 1) return 1;
   if (m === 0.5) return x;
   return (m - 1) * x / ((2 * m - 1) * x - m);
}

const isIdentity = (row) => IDENTITY_STF.every((value, i) => row[i] === value);

// One row of a view's stf: [midtones, shadows, highlights, low, high].
const applyRow = ([m, c0, c1, r0, r1]) => (x) => {
   const clipped = c1 > c0 ? Math.min(Math.max((x - c0) / (c1 - c0), 0), 1) : Number(x >= c1);
   return (mtf(m, clipped) - r0) / (r1 - r0);
};

/** Changes a raster as a screen transfer function (four rows: R/K, G, B, lightness) would show it. */
export function applyDisplay(raster, stf) {
   raster.planes.slice(0, raster.nominal).forEach((plane, channel) => {
      for (const row of raster.color ? [stf[channel], stf[3]] : [stf[0]]) {
         if (!row || isIdentity(row)) continue;
         const show = applyRow(row);
         for (let i = 0; i < plane.length; ++i)
            plane[i] = toNative(raster.format, show(plane[i] / raster.format.max));
      }
   });
}

const BYTE = { bits: 8, float: false, max: 255, Array: Uint8Array, name: 'u8' };

/** A raster as opaque 32-bit ARGB pixels; values outside [0,1] are clipped. */
export function toPixels(raster) {
   const bytes = raster.planes.slice(0, raster.nominal).map(plane => convert(plane, raster.format, BYTE));
   const [red, green = red, blue = red] = bytes;
   const data = new Uint32Array(raster.width * raster.height);
   for (let i = 0; i < data.length; ++i) data[i] = (0xff000000 | red[i] << 16 | green[i] << 8 | blue[i]) >>> 0;
   return { width: raster.width, height: raster.height, data };
}

/** The picture a bitmap holds, as three float planes. */
export function fromPixels({ width, height, data }) {
   const planes = [16, 8, 0].map(shift => Float32Array.from(data, pixel => (pixel >>> shift & 255) / 255));
   return new Raster(width, height, FLOAT32, true, planes);
}

/** Every n-th pixel or each pixel n times: zoom factors -n and n. */
export function zoomed({ width, height, data }, zoom) {
   if (zoom === 1 || zoom === -1 || zoom === 0) return { width, height, data };
   const scale = zoom > 0 ? zoom : -1 / zoom;
   const newWidth = Math.max(1, Math.trunc(width * scale)), newHeight = Math.max(1, Math.trunc(height * scale));
   return scaledPixels({ width, height, data }, newWidth, newHeight);
}

/** Nearest pixels at another size. */
export function scaledPixels({ width, height, data }, newWidth, newHeight) {
   const result = new Uint32Array(newWidth * newHeight);
   for (let y = 0; y < newHeight; ++y) {
      const row = Math.min(height - 1, Math.floor((y + 0.5) * height / newHeight)) * width;
      for (let x = 0; x < newWidth; ++x)
         result[y * newWidth + x] = data[row + Math.min(width - 1, Math.floor((x + 0.5) * width / newWidth))];
   }
   return { width: newWidth, height: newHeight, data: result };
}
