// Which part of an image a preview shows, and how large: whole multiples or whole fractions of 1:1.

const LARGEST_ZOOM = 16;

class Viewport {
   /** Shows an image of `imageWidth` x `imageHeight` px, whole. */
   constructor(imageWidth, imageHeight) {
      Object.assign(this, { imageWidth, imageHeight, width: 1, height: 1 });
      this.whole();
   }

   /** Takes another size of the preview, in screen pixels; what was whole stays whole. */
   resize(width, height) {
      const { x, y } = this.center();
      const isWhole = this.step === this.wholeStep() && this.repeat === 1;
      Object.assign(this, { width: Math.max(1, width), height: Math.max(1, height) });
      if (isWhole)
         this.whole();
      else
         this.show(x, y);
   }

   /** The whole image, as large as fits but not above 1:1. */
   whole() {
      this.step = this.wholeStep();
      this.repeat = 1;
      this.show(this.imageWidth / 2, this.imageHeight / 2);
   }

   wholeStep() {
      return Math.max(1, Math.ceil(this.imageWidth / this.width), Math.ceil(this.imageHeight / this.height));
   }

   /** 1:1 about an image point. */
   jump(x, y) {
      this.step = this.repeat = 1;
      this.show(x, y);
   }

   /** Screen pixels per image pixel. */
   get scale() {
      return this.repeat / this.step;
   }

   /** Goes one power of two closer, or farther; the image point under the screen point (px, py) stays. */
   zoom(closer, px, py) {
      const { x, y } = this.toImage(px, py);
      const powers = (n) => Math.pow(2, closer ? Math.ceil(Math.log2(n)) - 1 : Math.floor(Math.log2(n)) + 1);
      if (this.step > 1)
         this.step = closer ? powers(this.step) : Math.min(powers(this.step), Math.max(this.step, this.wholeStep()));
      else if (closer)
         this.repeat = Math.min(LARGEST_ZOOM, 2 * this.repeat);
      else if (this.repeat > 1)
         this.repeat /= 2;
      else
         this.step = Math.min(2, this.wholeStep());
      this.show(x - (px - this.width / 2) / this.scale, y - (py - this.height / 2) / this.scale);
   }

   /** Moves the image by screen pixels. */
   pan(dx, dy) {
      this.left -= dx / this.scale;
      this.top -= dy / this.scale;
      this.clamp();
   }

   center() {
      return this.toImage(this.width / 2, this.height / 2);
   }

   /** Brings an image point to the middle, as far as the image goes. */
   show(x, y) {
      this.left = x - this.width / 2 / this.scale;
      this.top = y - this.height / 2 / this.scale;
      this.clamp();
   }

   /** An image smaller than the preview lies in its middle. */
   clamp() {
      const inside = (start, size, room) => size <= room ? (size - room) / 2
         : Math.min(size - room, Math.max(0, start));
      this.left = inside(this.left, this.imageWidth, this.width / this.scale);
      this.top = inside(this.top, this.imageHeight, this.height / this.scale);
   }

   toScreen(x, y) {
      return { x: (x - this.left) * this.scale, y: (y - this.top) * this.scale };
   }

   toImage(px, py) {
      return { x: this.left + px / this.scale, y: this.top + py / this.scale };
   }

   /** The pixels seen: a rectangle of whole blocks of `step` pixels, `x1` and `y1` not included. */
   visible() {
      const start = (at) => Math.max(0, Math.floor(at / this.step) * this.step);
      const end = (at, most) => Math.min(most, Math.ceil(at / this.step) * this.step);
      return {
         x0: start(this.left), y0: start(this.top),
         x1: end(this.left + this.width / this.scale, this.imageWidth),
         y1: end(this.top + this.height / this.scale, this.imageHeight)
      };
   }

   /** "1:4", "1:1", "2:1". */
   get zoomText() {
      return this.repeat + ":" + this.step;
   }
}
