// Members of Image that change the samples of its selected part.

import { CONTENT } from './content.mjs';
import { toNative } from './formats.mjs';
import { moments } from './statistics.mjs';

const MIN = Number.EPSILON;

// By the number of ImageOp.
const OPERATIONS = {
   0: a => a, 1: (a, b) => b, 2: (a, b) => a + b, 3: (a, b) => a - b, 4: (a, b) => a * b,
   5: (a, b) => Math.abs(b) > MIN ? a / b : 1, 6: (a, b) => a ** b, 7: (a, b) => Math.abs(a - b),
   8: (a, b) => Math.min(a, b), 9: (a, b) => Math.max(a, b), 19: (a, b) => 1 - (1 - a) * (1 - b)
};

const forRange = (image, name, range, change) => {
   const content = image[CONTENT];
   content.mayWrite(name);
   const { rect, first, last } = content.range(...range);
   const { raster } = content;
   const { format, width } = raster;
   for (let channel = first; channel <= last; ++channel) {
      const plane = raster.planes[channel];
      for (let y = rect.y0; y < rect.y1; ++y)
         for (let x = rect.x0; x < rect.x1; ++x) {
            const at = y * width + x;
            plane[at] = toNative(format, change(plane[at] / format.max, x, y, channel));
         }
   }
};

const stretched = (low, high, v0, v1) => value => high > low ? (value - low) / (high - low) * (v1 - v0) + v0 : v0;

export const arithmeticMembers = {
   fill(value = 0, ...range) { forRange(this, 'fill', range, () => value); },
   invert(value = 1, ...range) { forRange(this, 'invert', range, sample => value - sample); },
   setAbs(...range) { forRange(this, 'setAbs', range, Math.abs); },
   truncate(v0 = 0, v1 = 1, ...range) {
      forRange(this, 'truncate', range, sample => Math.min(Math.max(sample, v0), v1));
   },
   binarize(value = 0.5, ...range) { forRange(this, 'binarize', range, sample => Number(sample >= value)); },
   rescale(v0 = 0, v1 = 1, ...range) {
      const low = this.minimum(...range), high = this.maximum(...range);
      forRange(this, 'rescale', range, stretched(low, high, v0, v1));
   },
   normalize(v0 = 0, v1 = 1, ...range) {
      const { rect, first, last } = this[CONTENT].range(...range);
      const { raster } = this[CONTENT];
      for (let channel = first; channel <= last; ++channel) {
         const { minimum, maximum } = moments(raster.part(rect, channel));
         forRange(this, 'normalize', [rect, channel, channel],
            stretched(minimum / raster.format.max, maximum / raster.format.max, v0, v1));
      }
   },
   apply(operand, op = 1, position, channel, ...range) {
      const operation = OPERATIONS[op];
      if (!operation) throw new Error(`Image.apply: operation ${op} is not known to the host emulator`);
      if (position !== undefined || channel > 0)
         throw new Error('Image.apply: position and channel are not known to the host emulator');
      const other = operand?.[CONTENT]?.selected();
      if (!other) return forRange(this, 'apply', range, sample => operation(sample, Number(operand)));
      const { rect, first } = this[CONTENT].range(...range);
      if (other.width !== rect.x1 - rect.x0 || other.height !== rect.y1 - rect.y0)
         throw new Error('Image.apply: images of different size are not known to the host emulator');
      return forRange(this, 'apply', range, (sample, x, y, c) =>
         operation(sample, other.get(x - rect.x0, y - rect.y0, Math.min(c - first, other.channels - 1))));
   },
   mirrorHorizontal() { mirror(this, 'mirrorHorizontal', (x, y, { width }) => y * width + width - 1 - x); },
   mirrorVertical() { mirror(this, 'mirrorVertical', (x, y, { width, height }) => (height - 1 - y) * width + x); },
   rotate180() {
      mirror(this, 'rotate180', (x, y, { width, height }) => (height - 1 - y) * width + width - 1 - x);
   }
};

function mirror(image, name, from) {
   image[CONTENT].mayWrite(name);
   const { raster } = image[CONTENT];
   raster.planes.forEach((plane, channel) => {
      const old = plane.slice();
      for (let y = 0; y < raster.height; ++y)
         for (let x = 0; x < raster.width; ++x) raster.planes[channel][y * raster.width + x] = old[from(x, y, raster)];
   });
}
