// A mask at full size, 0 clean to 1 dust: from FITS and back, painted in, and every step undone.

const CARD = 80, BLOCK = 2880;

export class Mask {
   constructor(width, height, values) {
      Object.assign(this, { width, height, values, strokes: [], stroke: null });
   }

   // Takes what the bridge writes: one plane of 32-bit floats, top row first.
   static fromFits(buffer) {
      const cards = {};
      let at = 0;
      for (let key = ""; key !== "END"; at += CARD) {
         if (at + CARD > buffer.byteLength) throw new Error("The mask is no FITS file.");
         const card = String.fromCharCode(...new Uint8Array(buffer, at, CARD));
         key = card.slice(0, 8).trim();
         if (card[8] === "=") cards[key] = card.slice(10).split("/")[0].trim();
      }
      const width = Number(cards.NAXIS1), height = Number(cards.NAXIS2);
      const start = Math.ceil(at / BLOCK) * BLOCK;
      if (cards.BITPIX !== "-32" || cards.NAXIS !== "2") throw new Error("The mask has another form.");
      const values = new Float32Array(width * height), bytes = new DataView(buffer, start);
      for (let i = 0; i < values.length; i++) values[i] = bytes.getFloat32(4 * i);
      return new Mask(width, height, values);
   }

   toFits() {
      const card = (key, value) => `${key.padEnd(8)}= ${String(value).padStart(20)}`.padEnd(CARD);
      const header = [
         card("SIMPLE", "T"), card("BITPIX", -32), card("NAXIS", 2), card("NAXIS1", this.width),
         card("NAXIS2", this.height), "ROWORDER= 'TOP-DOWN'".padEnd(CARD), "END".padEnd(CARD),
      ].join("").padEnd(BLOCK);
      const size = BLOCK + Math.ceil(4 * this.values.length / BLOCK) * BLOCK;
      const buffer = new ArrayBuffer(size), bytes = new DataView(buffer, BLOCK);
      new TextEncoder().encodeInto(header, new Uint8Array(buffer));
      this.values.forEach((value, i) => bytes.setFloat32(4 * i, value));
      return buffer;
   }

   begin() {
      this.stroke = { at: [], old: [] };
   }

   end() {
      if (this.stroke?.at.length) this.strokes.push(this.stroke);
      this.stroke = null;
   }

   // Puts value into every pixel whose centre is within radius of (x, y); returns the box touched.
   stamp(x, y, radius, value) {
      const box = this.#box(x - radius, y - radius, x + radius, y + radius);
      for (let row = box.top; row <= box.bottom; row++) {
         for (let column = box.left; column <= box.right; column++) {
            if (Math.hypot(column - x, row - y) <= radius) this.#put(row * this.width + column, value);
         }
      }
      return box;
   }

   // Clears everything that hangs together with the dust within radius of (x, y).
   clearPatch(x, y, radius) {
      const box = this.#box(x - radius, y - radius, x + radius, y + radius), todo = [];
      for (let row = box.top; row <= box.bottom; row++) {
         for (let column = box.left; column <= box.right; column++) {
            if (Math.hypot(column - x, row - y) <= radius) todo.push(row * this.width + column);
         }
      }
      while (todo.length) {
         const i = todo.pop(), column = i % this.width;
         if (!(this.values[i] > 0)) continue;
         this.#put(i, 0);
         if (column > 0) todo.push(i - 1);
         if (column < this.width - 1) todo.push(i + 1);
         if (i >= this.width) todo.push(i - this.width);
         if (i < this.values.length - this.width) todo.push(i + this.width);
      }
   }

   undo() {
      const { at, old } = this.strokes.pop() ?? { at: [], old: [] };
      for (let k = at.length - 1; k >= 0; k--) this.values[at[k]] = old[k];
   }

   #put(i, value) {
      if (this.values[i] === value) return;
      this.stroke.at.push(i);
      this.stroke.old.push(this.values[i]);
      this.values[i] = value;
   }

   #box(left, top, right, bottom) {
      return {
         left: Math.max(0, Math.floor(left)), top: Math.max(0, Math.floor(top)),
         right: Math.min(this.width - 1, Math.ceil(right)),
         bottom: Math.min(this.height - 1, Math.ceil(bottom)),
      };
   }
}
