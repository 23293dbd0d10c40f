// The script's Point and Rect.

import { HostObject } from '../object.mjs';
import { ordered } from './content.mjs';

const pair = (args, otherwise = 0) => {
   const [first, second] = args;
   return typeof first === 'object' && first !== null ? [first.x, first.y] : [first ?? otherwise, second ?? first ?? otherwise];
};

const four = (args) => {
   const [first, second, third, fourth] = args;
   if (args.length === 0) return [0, 0, 0, 0];
   if (typeof first === 'object') return [first.x0, first.y0, first.x1, first.y1];
   if (args.length === 1) return [first, first, first, first];
   return args.length === 2 ? [0, 0, first, second] : [first, second, third, fourth];
};

export const pointClass = () => class Point extends HostObject {
   #x; #y;

   constructor(...args) {
      super();
      [this.#x, this.#y] = pair(args);
   }

   get x() { return this.#x; }
   set x(value) { this.#x = Number(value); }
   get y() { return this.#y; }
   set y(value) { this.#y = Number(value); }

   #made(x, y) { return new this.constructor(x, y); }

   moveTo(...args) { [this.#x, this.#y] = pair(args); }
   moveBy(...args) {
      const [dx, dy] = pair(args);
      this.#x += dx;
      this.#y += dy;
   }
   movedTo(...args) { return this.#made(...pair(args)); }
   movedBy(...args) {
      const [dx, dy] = pair(args);
      return this.#made(this.#x + dx, this.#y + dy);
   }
   assign(...args) { this.moveTo(...args); }
   distanceTo(...args) {
      const [x, y] = pair(args);
      return Math.hypot(x - this.#x, y - this.#y);
   }
   isEqualTo(...args) {
      const [x, y] = pair(args);
      return x === this.#x && y === this.#y;
   }
   round() { this.moveTo(Math.round(this.#x), Math.round(this.#y)); }
   rounded() { return this.#made(Math.round(this.#x), Math.round(this.#y)); }
   truncate() { this.moveTo(Math.trunc(this.#x), Math.trunc(this.#y)); }
   truncated() { return this.#made(Math.trunc(this.#x), Math.trunc(this.#y)); }
   toArray() { return [this.#x, this.#y]; }
   toString() { return `{${this.#x},${this.#y}}`; }
};

export const rectClass = (classes) => {
   class Rect extends HostObject {
      #corners;

      constructor(...args) {
         super();
         this.#corners = four(args).map(Number);
      }

      #set(index, value) { this.#corners[index] = Number(value); }
      #map(change) { return new this.constructor(...this.#corners.map(change)); }
      get #ordered() { return ordered(this); }

      get x0() { return this.#corners[0]; }
      set x0(value) { this.#set(0, value); }
      get y0() { return this.#corners[1]; }
      set y0(value) { this.#set(1, value); }
      get x1() { return this.#corners[2]; }
      set x1(value) { this.#set(2, value); }
      get y1() { return this.#corners[3]; }
      set y1(value) { this.#set(3, value); }
      get left() { return this.#ordered.x0; }
      get top() { return this.#ordered.y0; }
      get right() { return this.#ordered.x1; }
      get bottom() { return this.#ordered.y1; }
      get width() { return Math.abs(this.x1 - this.x0); }
      get height() { return Math.abs(this.y1 - this.y0); }
      get area() { return this.width * this.height; }
      get isRect() { return this.width > 0 && this.height > 0; }
      get isPointOrLine() { return !this.isRect; }
      get center() { return new classes.Point((this.x0 + this.x1) / 2, (this.y0 + this.y1) / 2); }
      get leftTop() { return new classes.Point(this.left, this.top); }
      get rightBottom() { return new classes.Point(this.right, this.bottom); }

      assign(...args) { this.#corners = four(args).map(Number); }
      includes(...args) {
         const { x0, y0, x1, y1 } = this.#ordered;
         if (typeof args[0] === 'object' && 'x1' in args[0]) {
            const other = ordered(args[0]);
            return other.x0 >= x0 && other.x1 <= x1 && other.y0 >= y0 && other.y1 <= y1;
         }
         const [x, y] = pair(args);
         return x >= x0 && x < x1 && y >= y0 && y < y1;
      }
      intersects(...args) { return this.intersection(...args).isRect; }
      intersection(...args) {
         const a = this.#ordered;
         const b = ordered(new Rect(...args));
         const [x0, y0] = [Math.max(a.x0, b.x0), Math.max(a.y0, b.y0)];
         const [x1, y1] = [Math.min(a.x1, b.x1), Math.min(a.y1, b.y1)];
         return x1 > x0 && y1 > y0 ? new Rect(x0, y0, x1, y1) : new Rect;
      }
      union(...args) {
         const a = this.#ordered;
         const b = ordered(new Rect(...args));
         return new Rect(Math.min(a.x0, b.x0), Math.min(a.y0, b.y0), Math.max(a.x1, b.x1), Math.max(a.y1, b.y1));
      }
      inflatedBy(dx, dy = dx) {
         const { x0, y0, x1, y1 } = this.#ordered;
         return new Rect(x0 - dx, y0 - dy, x1 + dx, y1 + dy);
      }
      deflatedBy(dx, dy = dx) { return this.inflatedBy(-dx, -dy); }
      movedBy(...args) {
         const [dx, dy] = pair(args);
         return new Rect(this.x0 + dx, this.y0 + dy, this.x1 + dx, this.y1 + dy);
      }
      moveBy(...args) { this.assign(this.movedBy(...args)); }
      inflateBy(...args) { this.assign(this.inflatedBy(...args)); }
      isEqualTo(...args) { return four(args).every((value, i) => value === this.#corners[i]); }
      rounded() { return this.#map(Math.round); }
      toArray() { return [...this.#corners]; }
      toString() { return `{${this.#corners.join(',')}}`; }
   }
   return Rect;
};
