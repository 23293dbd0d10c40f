// Pixels: one typed array for each channel, rows from the top, in the image's own sample format.

import { convert, toNative } from './formats.mjs';

export class Raster {
   constructor(width, height, format, color, planes) {
      Object.assign(this, { width, height, format, color: Boolean(color), planes });
   }

   static black(width, height, channels, format, color) {
      return new Raster(width, height, format, color,
         Array.from({ length: channels }, () => new format.Array(width * height)));
   }

   get channels() { return this.planes.length; }

   /** Channels that are not alpha. */
   get nominal() { return Math.min(this.color ? 3 : 1, this.channels); }

   get bounds() { return { x0: 0, y0: 0, x1: this.width, y1: this.height }; }

   clone() {
      return new Raster(this.width, this.height, this.format, this.color, this.planes.map(plane => plane.slice()));
   }

   as(format) {
      return new Raster(this.width, this.height, format, this.color,
         this.planes.map(plane => convert(plane, this.format, format)));
   }

   get(x, y, channel) { return this.planes[channel][y * this.width + x] / this.format.max; }

   set(x, y, channel, value) { this.planes[channel][y * this.width + x] = toNative(this.format, value); }

   /** Samples of a part of one channel, native; the plane itself, not a copy, if the part is all of it. */
   part({ x0, y0, x1, y1 }, channel) {
      const plane = this.planes[channel];
      if (x0 === 0 && y0 === 0 && x1 === this.width && y1 === this.height) return plane;
      const width = x1 - x0;
      const result = new this.format.Array(width * (y1 - y0));
      for (let y = y0; y < y1; ++y)
         result.set(plane.subarray(y * this.width + x0, y * this.width + x1), (y - y0) * width);
      return result;
   }

   crop(rect, first = 0, last = this.channels - 1) {
      const planes = [];
      for (let channel = first; channel <= last; ++channel) planes.push(this.part(rect, channel).slice());
      return new Raster(rect.x1 - rect.x0, rect.y1 - rect.y0, this.format, this.color && planes.length >= 3, planes);
   }

   /** Writes native samples, as `part` gives them. */
   put({ x0, y0, x1, y1 }, channel, samples) {
      const width = x1 - x0;
      for (let y = y0; y < y1; ++y)
         this.planes[channel].set(samples.subarray((y - y0) * width, (y - y0 + 1) * width), y * this.width + x0);
   }
}

/** Turns the rows of a plane upside down, in place. */
export function flipRows(plane, width, height) {
   const held = new plane.constructor(width);
   for (let top = 0, bottom = height - 1; top < bottom; ++top, --bottom) {
      held.set(plane.subarray(top * width, (top + 1) * width));
      plane.copyWithin(top * width, bottom * width, (bottom + 1) * width);
      plane.set(held, bottom * width);
   }
}
