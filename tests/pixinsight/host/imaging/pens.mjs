// The script's Pen and Brush.

import { HostObject } from '../object.mjs';

export const penClass = (classes) => class Pen extends HostObject {
   #color; #width; #style; #cap; #join;

   constructor(first = 0xff000000, width = 1, style = 1, cap = 0, join = 0) {
      super();
      if (typeof first === 'object') this.assign(first);
      else [this.#color, this.#width, this.#style, this.#cap, this.#join] = [first >>> 0, width, style, cap, join];
   }

   get color() { return this.#color; }
   set color(value) { this.#color = value >>> 0; }
   get width() { return this.#width; }
   set width(value) { this.#width = Number(value); }
   get style() { return this.#style; }
   set style(value) { this.#style = value; }
   get cap() { return this.#cap; }
   set cap(value) { this.#cap = value; }
   get join() { return this.#join; }
   set join(value) { this.#join = value; }
   get brush() { return new classes.Brush(this.#color); }
   get isEmpty() { return this.#style === 0; }
   get isSolid() { return this.#style === 1; }

   assign({ color, width, style, cap, join }) {
      [this.#color, this.#width, this.#style, this.#cap, this.#join] = [color, width, style, cap, join];
   }
};

export const brushClass = () => class Brush extends HostObject {
   #color = 0; #style = 0;

   constructor(first, style = 1) {
      super();
      if (typeof first === 'object' && first !== null) this.assign(first);
      else if (first !== undefined) [this.#color, this.#style] = [first >>> 0, style];
   }

   get color() { return this.#color; }
   set color(value) {
      this.#color = value >>> 0;
      this.#style ||= 1;
   }
   get style() { return this.#style; }
   set style(value) { this.#style = value; }
   get isEmpty() { return this.#style === 0; }
   get isSolid() { return this.#style === 1; }

   assign(brush) { [this.#color, this.#style] = [brush.color, brush.style]; }
};
