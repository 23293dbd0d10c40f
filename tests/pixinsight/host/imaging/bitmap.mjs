// The script's Bitmap: 32-bit ARGB pixels, not premultiplied.

import { readFileSync, writeFileSync } from 'node:fs';
import { HostObject } from '../object.mjs';
import { scaledPixels } from './display.mjs';
import { png } from './png.mjs';

/** Every Bitmap has its `{ width, height, data }` under this symbol. */
export const PIXELS = Symbol('pixels');

/** A color laid over another; both 0xAARRGGBB. */
export function over(top, bottom, opacity = 1) {
   const alpha = (top >>> 24) / 255 * opacity;
   if (alpha >= 1) return top;
   if (alpha <= 0) return bottom;
   const under = (bottom >>> 24) / 255 * (1 - alpha);
   const sum = alpha + under;
   const mix = (shift) => Math.round(((top >>> shift & 255) * alpha + (bottom >>> shift & 255) * under) / sum);
   return (Math.round(sum * 255) << 24 | mix(16) << 16 | mix(8) << 8 | mix(0)) >>> 0;
}

const empty = () => ({ width: 0, height: 0, data: new Uint32Array(0) });

export function bitmapClass(host, classes) {
   return class Bitmap extends HostObject {
      #pixels = empty();

      constructor(...args) {
         super();
         const [first, second] = args;
         if (typeof first === 'number') {
            const [width, height] = [Math.trunc(first), Math.trunc(second)];
            this.#pixels = { width, height, data: new Uint32Array(width * height) };
         }
         else if (first?.[PIXELS]) {
            const rect = typeof second === 'object' ? second : { x0: second, y0: args[2], x1: args[3], y1: args[4] };
            this.assign(args.length === 1 ? first : first.subimage(rect.x0, rect.y0, rect.x1, rect.y1));
         }
         else if (typeof first === 'string') {
            // A picture file: its pixels are of no use to a test, its presence is.
            if (!first.startsWith(':')) readFileSync(host.paths?.real(first) ?? first);
            this.#pixels = { width: 16, height: 16, data: new Uint32Array(256) };
         }
         else if (args.length > 0) throw new Error('new Bitmap: these arguments are not known to the host emulator');
      }

      get [PIXELS]() { return this.#pixels; }
      set [PIXELS](pixels) { this.#pixels = pixels; }

      get width() { return this.#pixels.width; }
      get height() { return this.#pixels.height; }
      get bounds() { return new classes.Rect(this.width, this.height); }
      get pixelFormat() { return 0; }
      get physicalPixelRatio() { return 1; }
      set physicalPixelRatio(ratio) { void ratio; }

      isEmpty() { return this.width === 0; }
      clear() { this.#pixels = empty(); }
      assign(bitmap) { this.#pixels = { ...bitmap[PIXELS], data: bitmap[PIXELS].data.slice() }; }

      pixel(x, y) { return this.#pixels.data[this.#index(x, y)]; }
      setPixel(x, y, color) { this.#pixels.data[this.#index(x, y)] = color >>> 0; }

      fill(...args) {
         const color = args.at(-1) >>> 0;
         if (args.length === 1) this.#pixels.data.fill(color);
         else this.#forRect(args, (data, i) => { data[i] = color; });
      }

      setAlpha(...args) {
         const alpha = args.at(-1);
         this.#forRect(args, (data, i) => { data[i] = (data[i] & 0xffffff | alpha << 24) >>> 0; });
      }

      invert(...args) { this.#forRect(args, (data, i) => { data[i] = (data[i] ^ 0xffffff) >>> 0; }); }

      subimage(...args) {
         const { x0, y0, x1, y1 } = rectOf(args);
         const result = new classes.Bitmap(x1 - x0, y1 - y0);
         for (let y = y0; y < y1; ++y)
            for (let x = x0; x < x1; ++x) result[PIXELS].data[(y - y0) * result.width + x - x0] = this.pixel(x, y);
         return result;
      }

      copy(x, y, bitmap) {
         const source = bitmap[PIXELS];
         for (let j = 0; j < source.height; ++j)
            for (let i = 0; i < source.width; ++i)
               if (x + i >= 0 && x + i < this.width && y + j >= 0 && y + j < this.height)
                  this.#pixels.data[(y + j) * this.width + x + i] = source.data[j * source.width + i];
      }

      scaled(sx, sy = sx) { return this.scaledTo(Math.round(this.width * sx), Math.round(this.height * sy)); }

      scaledTo(width, height = width) {
         const result = new classes.Bitmap;
         result[PIXELS] = scaledPixels(this.#pixels, Math.max(1, Math.trunc(width)), Math.max(1, Math.trunc(height)));
         return result;
      }

      save(path) {
         if (!/\.png$/i.test(path)) throw new Error(`Bitmap.save: only PNG is known to the host emulator: ${path}`);
         host.faults?.check('write', path);
         writeFileSync(host.paths?.real(path) ?? path, png(this.#pixels));
      }

      #index(x, y) {
         const [i, j] = [Math.trunc(x), Math.trunc(y)];
         if (!(i >= 0 && i < this.width && j >= 0 && j < this.height)) throw new RangeError(`Bitmap: (${x},${y}) is outside`);
         return j * this.width + i;
      }

      #forRect(args, change) {
         const rect = args.length < 2 ? { x0: 0, y0: 0, x1: this.width, y1: this.height } : rectOf(args);
         for (let y = Math.max(0, rect.y0); y < Math.min(this.height, rect.y1); ++y)
            for (let x = Math.max(0, rect.x0); x < Math.min(this.width, rect.x1); ++x)
               change(this.#pixels.data, y * this.width + x);
      }
   };
}

const rectOf = ([first, y0, x1, y1]) => typeof first === 'object' ? first : { x0: first, y0, x1, y1 };
