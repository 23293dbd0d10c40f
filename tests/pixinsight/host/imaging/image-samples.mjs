// Members of Image that carry samples in and out.

import { CONTENT } from './content.mjs';
import { convert, FLOAT64, formatOf, formatOfArray } from './formats.mjs';

const VECTOR = Symbol.for('host.vector'); // the numbers inside a Vector

const carrier = (array) => {
   if (Array.isArray(array)) return { list: array, format: FLOAT64 };
   if (array?.[VECTOR]) return { list: array[VECTOR], format: FLOAT64 };
   const format = ArrayBuffer.isView(array) ? formatOfArray(array) : undefined;
   if (!format) throw new TypeError('Image: samples must be an Array, a Vector or an unsigned or floating point typed array');
   return { list: array, format };
};

const area = ({ x0, y0, x1, y1 }) => (x1 - x0) * (y1 - y0);

const toFormat = (bits, float) => function(rect, channel) {
   const { raster } = this[CONTENT];
   const range = this[CONTENT].range(rect, channel);
   return convert(raster.part(range.rect, range.first), raster.format, formatOf(bits, float));
};

export const sampleMembers = (quirks) => {
   const isRaw = (format) => quirks.integerArrays === 'native' && !format.float;
   return {
      sample(x, y, channel = 0) {
         const { raster } = this[CONTENT];
         this[CONTENT].range(undefined, channel);
         if (!(x >= 0 && x < raster.width && y >= 0 && y < raster.height))
            throw new RangeError(`Image.sample: (${x},${y}) is outside the image`);
         return raster.get(Math.trunc(x), Math.trunc(y), channel);
      },
      setSample(value, x, y, channel = 0) {
         this[CONTENT].mayWrite('setSample');
         const { raster } = this[CONTENT];
         if (!(x >= 0 && x < raster.width && y >= 0 && y < raster.height && channel < raster.channels))
            throw new RangeError(`Image.setSample: (${x},${y}) is outside the image`);
         raster.set(Math.trunc(x), Math.trunc(y), channel, value);
      },
      getSamples(samples, rect, channel) {
         const { raster } = this[CONTENT];
         const range = this[CONTENT].range(rect, channel);
         const { list, format } = carrier(samples);
         const part = raster.part(range.rect, range.first);
         if (Array.isArray(list)) list.length = part.length;
         if (list.length < part.length)
            throw new RangeError(`Image.getSamples: ${part.length} samples do not fit an array of ${list.length}`);
         const values = isRaw(format) || format === raster.format ? part : convert(part, raster.format, format);
         if (Array.isArray(list)) values.forEach((value, i) => { list[i] = value; });
         else list.set(values);
      },
      setSamples(samples, rect, channel) {
         this[CONTENT].mayWrite('setSamples');
         const { raster } = this[CONTENT];
         const range = this[CONTENT].range(rect, channel);
         const { list, format } = carrier(samples);
         const count = area(range.rect);
         if (list.length < count)
            throw new RangeError(`Image.setSamples: ${count} samples needed, ${list.length} given`);
         const typed = ArrayBuffer.isView(list) ? list.subarray(0, count) : Float64Array.from(list).subarray(0, count);
         const values = isRaw(format) || format === raster.format ? typed : convert(typed, format, raster.format);
         raster.put(range.rect, range.first, values);
      },
      toFloat32Array: toFormat(32, true),
      toFloat64Array: toFormat(64, true),
      toUint8Array: toFormat(8, false),
      toUint16Array: toFormat(16, false),
      toUint32Array: toFormat(32, false)
   };
};
