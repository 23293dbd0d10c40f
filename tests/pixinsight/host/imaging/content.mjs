// What an Image object stands for: a raster, the selections on it, and the view it belongs to, if any.

import { FLOAT32 } from './formats.mjs';
import { Raster } from './raster.mjs';

/** Every Image has its content under this symbol. */
export const CONTENT = Symbol('content');

export const EMPTY = Raster.black(0, 0, 0, FLOAT32, false);

/** Any four-cornered thing, whichever way its corners are given. */
export const ordered = ({ x0, y0, x1, y1 }) =>
   ({ x0: Math.min(x0, x1), y0: Math.min(y0, y1), x1: Math.max(x0, x1), y1: Math.max(y0, y1) });

export const clipped = (rect, { width, height }) => {
   const { x0, y0, x1, y1 } = ordered(rect);
   const inside = (value, most) => Math.min(Math.max(Math.trunc(value), 0), most);
   return { x0: inside(x0, width), y0: inside(y0, height), x1: inside(x1, width), y1: inside(y1, height) };
};

const isEmptyRect = (rect) => rect.x0 === rect.x1 || rect.y0 === rect.y1;

export class Content {
   #raster = EMPTY;
   #stack = [];

   /** `open` is a set that holds every content with pixels that no view owns; `view` a view's state. */
   constructor({ open, view = null, raster = EMPTY, mayWrite = () => {} }) {
      this.open = open;
      this.view = view;
      this.mayWrite = mayWrite;
      this.raster = raster;
   }

   get raster() { return this.#raster; }

   set raster(raster) {
      const old = this.#raster;
      this.#raster = raster;
      const isSameShape = raster.width === old.width && raster.height === old.height && raster.channels === old.channels;
      if (!isSameShape || !this.rect) this.reset();
      if (this.view) return;
      if (raster.channels > 0) this.open.add(this);
      else this.open.delete(this);
   }

   reset() {
      this.resetRect();
      this.resetChannels();
      this.point = { x: 0, y: 0 };
   }

   resetRect() { this.rect = { ...this.#raster.bounds }; }

   resetChannels() {
      this.first = 0;
      this.last = Math.max(0, this.#raster.channels - 1);
   }

   push() { this.#stack.push({ rect: { ...this.rect }, first: this.first, last: this.last, point: this.point }); }

   pop() {
      if (this.#stack.length === 0) throw new Error('Image.popSelections: nothing was pushed');
      Object.assign(this, this.#stack.pop());
   }

   get canPop() { return this.#stack.length > 0; }

   selectChannels(first, last) {
      if (!(first >= 0 && last < this.#raster.channels && first <= last))
         throw new RangeError(`Image: no such channel: ${first === last ? first : `${first} to ${last}`}`);
      Object.assign(this, { first, last });
   }

   selectRect(rect) { this.rect = clipped(rect, this.#raster); }

   /** The part meant by optional arguments: the selections where nothing is given. */
   range(rect, first, last) {
      const area = rect && !isEmptyRect(rect) ? clipped(rect, this.#raster) : this.rect;
      const from = first === undefined || first < 0 ? this.first : first;
      const to = last === undefined || last < 0 ? (first === undefined || first < 0 ? this.last : from) : last;
      if (!(from <= to && to < this.#raster.channels)) throw new RangeError(`Image: no such channel: ${to}`);
      return { rect: area, first: from, last: to };
   }

   /** The selected part as a raster of its own. */
   selected() { return this.#raster.crop(this.rect, this.first, this.last); }

   get isWholeSelected() {
      const { x0, y0, x1, y1 } = this.rect;
      return x0 === 0 && y0 === 0 && x1 === this.#raster.width && y1 === this.#raster.height
         && this.first === 0 && this.last === this.#raster.channels - 1;
   }
}
