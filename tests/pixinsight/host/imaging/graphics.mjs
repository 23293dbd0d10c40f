// The script's Graphics: figures painted on a Bitmap, or on a control's surface. Dashes and brush patterns are drawn solid.

import { HostObject } from '../object.mjs';
import { over, PIXELS } from './bitmap.mjs';
import { arc, circle, ellipse, polygon, polyline, rectangle } from './shapes.mjs';

// Objects of the script's are guarded, and slow to ask: what every pixel needs is read from them once.
const plain = ({ x0, y0, x1, y1 }) => ({ x0, y0, x1, y1 });
const boxOf = (args) => typeof args[0] === 'object' ? plain(args[0]) : { x0: args[0], y0: args[1], x1: args[2], y1: args[3] };
const pointOf = (args) => typeof args[0] === 'object' ? [args[0].x, args[0].y] : [args[0], args[1]];
const listOf = (points) => Array.from(points, point => [point.x ?? point[0], point.y ?? point[1]]);

// How each figure reads its arguments, and how many of them it takes when given as numbers.
const FIGURES = {
   Rect: [args => rectangle(boxOf(args)), args => typeof args[0] === 'object' ? 1 : 4],
   RoundedRect: [args => rectangle(boxOf(args)), args => typeof args[0] === 'object' ? 3 : 6],
   Ellipse: [args => ellipse(boxOf(args)), args => typeof args[0] === 'object' ? 1 : 4],
   Circle: [args => typeof args[0] === 'object' ? circle(args[0].x, args[0].y, args[1]) : circle(...args),
      args => typeof args[0] === 'object' ? 2 : 3],
   Polygon: [args => polygon(listOf(args[0])), () => 2]
};

/** Makes the class Graphics. What is painted on a control is kept in `state.surfaces`, the last time it was painted. */
export function graphicsClass(host, classes, state) {
   class Graphics extends HostObject {
      #target = null;
      #state;
      #stack = [];

      constructor(target) {
         super();
         this.#state = { a: 1, d: 1, e: 0, f: 0, opacity: 1, clip: null, font: null,
            pen: new classes.Pen, brush: new classes.Brush, background: new classes.Brush(0xffffffff) };
         if (target !== undefined) this.begin(target);
      }

      begin(target) {
         const isControl = host.globals.Control !== undefined && target instanceof host.globals.Control;
         if (!target?.[PIXELS] && !isControl) throw new TypeError('Graphics: a Bitmap or a Control is needed');
         this.#target = isControl ? new classes.Bitmap(target.width, target.height) : target;
         if (isControl) state.surfaces.set(target, this.#target);
      }
      end() { this.#target = null; }
      get isPainting() { return this.#target !== null; }

      get pen() { return new classes.Pen(this.#state.pen); }
      set pen(pen) { this.#state.pen = new classes.Pen(pen); }
      get brush() { return new classes.Brush(this.#state.brush); }
      set brush(brush) { this.#state.brush = new classes.Brush(brush); }
      get backgroundBrush() { return new classes.Brush(this.#state.background); }
      set backgroundBrush(brush) { this.#state.background = new classes.Brush(brush); }
      get opacity() { return this.#state.opacity; }
      set opacity(value) { this.#state.opacity = Number(value); }
      get font() { return this.#state.font; }
      set font(font) { this.#state.font = font; }
      get clipRect() { return new classes.Rect(this.#state.clip ?? this.#bounds); }
      set clipRect(rect) { this.#state.clip = rect; }

      pushState() { this.#stack.push({ ...this.#state }); }
      popState() {
         if (this.#stack.length === 0) throw new Error('Graphics.popState: nothing was pushed');
         this.#state = this.#stack.pop();
      }
      resetTransformation() { Object.assign(this.#state, { a: 1, d: 1, e: 0, f: 0 }); }
      translateTransformation(...args) {
         const [dx, dy] = pointOf(args);
         this.#state.e += dx * this.#state.a;
         this.#state.f += dy * this.#state.d;
      }
      scaleTransformation(sx, sy = sx) {
         this.#state.a *= sx;
         this.#state.d *= sy;
      }
      transformed(...args) {
         const [x, y] = pointOf(args);
         return new classes.Point(x * this.#state.a + this.#state.e, y * this.#state.d + this.#state.f);
      }

      drawPoint(...args) { this.#stroke(polyline([pointOf(args)])); }
      drawLine(...args) {
         const [ax, ay, bx, by] = typeof args[0] === 'object' ? [args[0].x, args[0].y, args[1].x, args[1].y] : args;
         this.#stroke(polyline([[ax, ay], [bx, by]]));
      }
      drawPolyline(points) { this.#stroke(polyline(listOf(points))); }
      drawArc(x, y, radius, start, span) { this.#stroke(arc(x, y, radius, start, span)); }

      drawBitmap(...args) {
         const [x, y] = pointOf(args);
         const bitmap = args.at(-1);
         this.#bitmap({ x0: x, y0: y, x1: x + bitmap.width, y1: y + bitmap.height }, bitmap);
      }
      drawBitmapRect(...args) {
         const at = pointOf(args), rest = args.slice(typeof args[0] === 'object' ? 1 : 2);
         this.drawBitmap(...at, rest[0].subimage(...rest.slice(1)));
      }
      drawScaledBitmap(...args) { this.#bitmap(boxOf(args), args.at(-1)); }

      drawText(...args) { this.#text(pointOf(args), args.at(-1)); }
      drawTextRect(...args) {
         const box = boxOf(args);
         this.#text([box.x0, box.y1], args[typeof args[0] === 'object' ? 1 : 4]);
      }

      get #bounds() { return { x0: 0, y0: 0, x1: this.#target.width, y1: this.#target.height }; }

      // Every pixel of a box given in figure coordinates, clipped; `color(x, y)` of its centre, undefined to leave it.
      #paint(box, color) {
         if (!this.#target) throw new Error('Graphics: painting has not begun');
         const { a, d, e, f, opacity, clip } = this.#state;
         const { data, width } = this.#target[PIXELS];
         const limits = clip ?? this.#bounds;
         const [ax, bx] = [box.x0 * a + e, box.x1 * a + e].sort((p, q) => p - q);
         const [ay, by] = [box.y0 * d + f, box.y1 * d + f].sort((p, q) => p - q);
         const bottom = Math.min(this.#target.height, limits.y1, Math.ceil(by));
         const right = Math.min(width, limits.x1, Math.ceil(bx));
         for (let y = Math.max(0, limits.y0, Math.floor(ay)); y < bottom; ++y)
            for (let x = Math.max(0, limits.x0, Math.floor(ax)); x < right; ++x) {
               const value = color((x + 0.5 - e) / a, (y + 0.5 - f) / d);
               if (value !== undefined) data[y * width + x] = over(value, data[y * width + x], opacity);
            }
      }

      #fill(figure, brush = this.#state.brush) {
         if (brush.isEmpty) return;
         const { color } = brush;
         this.#paint(figure.bounds, (x, y) => figure.inside(x, y) ? color : undefined);
      }

      // Outlines run through pixel centres: whole coordinates mean the middle of a pixel, as for a raster painter.
      #stroke(figure, pen = this.#state.pen) {
         if (pen.isEmpty) return;
         const { color } = pen;
         const half = Math.max(pen.width, 1 / Math.abs(this.#state.a)) / 2;
         const { x0, y0, x1, y1 } = figure.bounds;
         const shift = 0.5 / Math.abs(this.#state.a);
         const box = { x0: x0 - half, y0: y0 - half, x1: x1 + half + 2 * shift, y1: y1 + half + 2 * shift };
         this.#paint(box, (x, y) => figure.distance(x - shift, y - shift) <= half ? color : undefined);
      }

      #bitmap(box, bitmap) {
         const { width, height, data } = bitmap[PIXELS];
         const [sx, sy] = [width / (box.x1 - box.x0), height / (box.y1 - box.y0)];
         const inside = (value, most) => Math.min(Math.max(Math.floor(value), 0), most - 1);
         this.#paint(box, (x, y) => x < box.x0 || y < box.y0 || x >= box.x1 || y >= box.y1 ? undefined
            : data[inside((y - box.y0) * sy, height) * width + inside((x - box.x0) * sx, width)]);
      }

      // Letters leave no pixels; what was written where is kept for a test to read.
      #text([x, y], text) {
         if (!this.#target) throw new Error('Graphics: painting has not begun');
         const pixels = this.#target[PIXELS];
         const { a, d, e, f, pen } = this.#state;
         (pixels.texts ??= []).push({ x: x * a + e, y: y * d + f, text: String(text), color: pen.color });
      }

      static figure(graphics, kind, name, args) {
         const [make, count] = FIGURES[name];
         const figure = make(args);
         const tool = args[count(args)];
         const brush = { erase: graphics.#state.background, fill: tool }[kind];
         if (kind !== 'stroke') graphics.#fill(figure, brush);
         if (kind === 'stroke' || kind === 'draw') graphics.#stroke(figure, kind === 'stroke' ? tool : undefined);
      }
   }

   const { figure } = Graphics;
   delete Graphics.figure;
   for (const name of Object.keys(FIGURES))
      for (const kind of ['draw', 'fill', 'stroke', 'erase'])
         Graphics.prototype[`${kind}${name}`] = function(...args) { figure(this, kind, name, args); };
   for (const name of ['antialiasing', 'smoothInterpolation', 'textAntialiasing', 'transparentBackground'])
      Object.defineProperty(Graphics.prototype, name, { get: () => true, set: () => {}, configurable: true });
   return Graphics;
}
