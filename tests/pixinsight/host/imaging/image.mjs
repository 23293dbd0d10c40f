// The script's Image and ImageIterator.

import { HostObject } from '../object.mjs';
import { CONTENT, Content, EMPTY } from './content.mjs';
import { applyDisplay, toPixels, zoomed } from './display.mjs';
import { FLOAT32, formatOf, formatOfArray, toNative } from './formats.mjs';
import { arithmeticMembers } from './image-arithmetic.mjs';
import { sampleMembers } from './image-samples.mjs';
import { selectionMembers } from './image-selections.mjs';
import { statisticsMembers } from './image-statistics.mjs';
import { PIXELS } from './bitmap.mjs';
import { Raster } from './raster.mjs';

const blank = (width, height, channels = 1, colorSpace = 0, bits = 32, sampleType = 1) => {
   const format = formatOf(bits, sampleType === 1);
   if (!format) throw new TypeError(`Image: no ${bits}-bit sample format of type ${sampleType}`);
   if (!(width > 0 && height > 0 && channels > 0)) throw new RangeError(`Image: bad size ${width}x${height}x${channels}`);
   return Raster.black(width, height, channels, format, isRgb(colorSpace, channels));
};

const isRgb = (colorSpace, channels) => {
   if (colorSpace !== 0 && colorSpace !== 1) throw new Error(`Image: color space ${colorSpace} is not known to the host emulator`);
   if (colorSpace === 1 && channels < 3) throw new RangeError('Image: an RGB image needs three channels');
   return colorSpace === 1;
};

const fromArray = (array, width, height, channels = 1, colorSpace = 0) => {
   const format = ArrayBuffer.isView(array) ? formatOfArray(array) : FLOAT32;
   const size = width * height;
   if (!format || array.length !== size * channels) throw new RangeError('Image: the array does not fit the size');
   const planes = Array.from({ length: channels }, (_, i) => format.Array.from(array.slice(i * size, (i + 1) * size)));
   return new Raster(width, height, format, isRgb(colorSpace, channels), planes);
};

/** Makes the class Image. `classes` gives its companions, `state` the set `openImages`. */
export function imageClass(classes, state) {
   class Image extends HostObject {
      #content;

      constructor(...args) {
         super();
         if (args[0] instanceof Content) this.#content = args[0];
         else {
            this.#content = new Content({ open: state.openImages });
            if (args[0]?.[CONTENT]) this.assign(args[0]);
            else if (typeof args[0] === 'number') this.#content.raster = blank(...args);
            else if (args.length > 0) this.#content.raster = fromArray(...args);
         }
      }

      get [CONTENT]() { return this.#content; }
      get #raster() { return this.#content.raster; }

      get width() { return this.#raster.width; }
      get height() { return this.#raster.height; }
      get bounds() { return new classes.Rect(this.width, this.height); }
      get numberOfChannels() { return this.#raster.channels; }
      get numberOfNominalChannels() { return this.#raster.nominal; }
      get numberOfAlphaChannels() { return this.#raster.channels - this.#raster.nominal; }
      get hasAlphaChannels() { return this.numberOfAlphaChannels > 0; }
      get numberOfPixels() { return this.width * this.height; }
      get numberOfSamples() { return this.numberOfPixels * this.numberOfChannels; }
      get numberOfNominalSamples() { return this.numberOfPixels * this.numberOfNominalChannels; }
      get isEmpty() { return this.numberOfChannels === 0; }
      get isColor() { return this.#raster.color; }
      get isGrayscale() { return !this.#raster.color; }
      get colorSpace() { return Number(this.#raster.color); }
      get isReal() { return this.#raster.format.float; }
      get isInteger() { return !this.#raster.format.float; }
      get isComplex() { return false; }
      get bitsPerSample() { return this.#raster.format.bits; }
      get sampleType() { return Number(this.#raster.format.float); }

      allocate(width, height, channels = 1, colorSpace = 0) {
         this.#content.mayWrite('allocate');
         this.#content.raster = blank(width, height, channels, colorSpace, this.bitsPerSample, this.sampleType);
      }

      /** Takes the selected part of another image; a view's image keeps its sample format. */
      assign(image, ...range) {
         const source = image?.[CONTENT];
         if (!source) throw new TypeError('Image.assign: an Image is needed');
         this.#content.mayWrite('assign');
         const { rect, first, last } = source.range(...range);
         const raster = source.raster.channels === 0 ? EMPTY : source.raster.crop(rect, first, last);
         this.#content.raster = this.#content.view ? raster.as(this.#raster.format) : raster;
      }

      createAlphaChannels(count) {
         this.#content.mayWrite('createAlphaChannels');
         const { width, height, format, color, planes } = this.#raster;
         const added = Raster.black(width, height, count, format, false).planes;
         this.#content.raster = new Raster(width, height, format, color, [...planes, ...added]);
      }

      deleteAlphaChannels() {
         this.#content.mayWrite('deleteAlphaChannels');
         const { width, height, format, color, planes, nominal } = this.#raster;
         this.#content.raster = new Raster(width, height, format, color, planes.slice(0, nominal));
      }

      free() {
         if (this.#content.view) throw new Error('Image.free: the image belongs to a view');
         this.#content.raster = EMPTY;
      }

      blend(bitmap) {
         this.#content.mayWrite('blend');
         const { width, height, data } = bitmap[PIXELS];
         const { point } = this.#content;
         const raster = this.#raster;
         for (let y = Math.max(0, -point.y); y < height && y + point.y < raster.height; ++y)
            for (let x = Math.max(0, -point.x); x < width && x + point.x < raster.width; ++x) {
               const pixel = data[y * width + x], alpha = (pixel >>> 24) / 255;
               const rgb = [16, 8, 0].map(shift => (pixel >>> shift & 255) / 255);
               const colors = raster.color ? rgb : [(rgb[0] + rgb[1] + rgb[2]) / 3];
               colors.forEach((color, channel) => {
                  const at = (y + point.y) * raster.width + x + point.x;
                  const old = raster.planes[channel][at] / raster.format.max;
                  raster.planes[channel][at] = toNative(raster.format, old * (1 - alpha) + color * alpha);
               });
            }
      }

      render(zoom = 1) {
         if (this.isEmpty) throw new Error('Image.render: no pixel data');
         const bitmap = new classes.Bitmap;
         bitmap[PIXELS] = zoomed(toPixels(this.#content.isWholeSelected ? this.#raster : this.#content.selected()), zoom);
         return bitmap;
      }

      applyDisplayFunction(stf) {
         this.#content.mayWrite('applyDisplayFunction');
         applyDisplay(this.#raster, stf);
      }
   }
   for (const members of [selectionMembers(classes), statisticsMembers(classes), sampleMembers(state.quirks), arithmeticMembers])
      Object.defineProperties(Image.prototype, Object.getOwnPropertyDescriptors(members));
   return Image;
}

/** Makes the class ImageIterator: rows of native samples by index. */
export function iteratorClass() {
   return class ImageIterator extends HostObject {
      #raster;

      constructor(image, channel = 0) {
         super();
         const content = image[CONTENT];
         this.#raster = content.raster;
         content.range(undefined, channel);
         let row = -1, samples;
         const self = this;
         return new Proxy(this, {
            get(target, name) {
               const y = typeof name === 'string' && /^\d+$/.test(name) ? Number(name) : -1;
               if (y < 0) {
                  const value = Reflect.get(target, name, self);
                  return typeof value === 'function' ? value.bind(self) : value;
               }
               if (y !== row) samples = rowOf(content, y, channel);
               row = y;
               return samples;
            }
         });
      }

      toReal(sample) { return sample / this.#raster.format.max; }

      toSample(value) { return toNative(this.#raster.format, value); }
   };
}

// Rows are the image's memory; those of an image that must not be written are copies.
function rowOf(content, y, channel) {
   const { raster } = content;
   if (y >= raster.height) return undefined;
   const row = raster.planes[channel].subarray(y * raster.width, (y + 1) * raster.width);
   try { content.mayWrite('write'); }
   catch { return row.slice(); }
   return row;
}
