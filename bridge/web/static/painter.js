// The flat with its mask on top: looked at, painted in with pointer or keyboard, undone.

import { button, drawn, element, labelled } from "/static/elements.js";

const FINEST = 2048;   // longest side of what is drawn; the mask itself stays at full size
const COLOR = [255, 150, 40], OPACITY = 150;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = "Arrow keys move the brush (with Shift ten times as far), Enter or Space paints, "
   + "A adds, E erases, [ and ] change the size, Ctrl+Z undoes.";

export class Painter {
   constructor(mask, picture, shadows) {
      this.mask = mask;
      this.brush = { x: mask.width / 2, y: mask.height / 2, radius: Math.max(3, Math.round(mask.width / 80)) };
      this.scale = Math.min(1, FINEST / Math.max(mask.width, mask.height));
      this.#build(picture, shadows);
      this.#listen();
      this.redraw();
   }

   #build(picture, shadows) {
      const { width, height } = this.mask;
      this.canvas = element("canvas", {
         width: Math.ceil(width * this.scale), height: Math.ceil(height * this.scale), tabIndex: 0,
      });
      this.canvas.setAttribute("role", "application");
      this.canvas.setAttribute("aria-label", `Dust mask over the flat, ${shadows.length} shadows. ${KEYS}`);
      this.ring = drawn("circle", { class: "brush" });
      const size = Math.max(width, height) / 60;
      this.marks = drawn("g", { class: "marks" }, ...shadows.flatMap((one) => {
         const radius = one.diameter / 2 + size / 4;
         return [
            drawn("circle", { cx: one.x + 0.5, cy: one.y + 0.5, r: radius }),
            drawn("text", { x: one.x + 0.5 + 0.75 * radius, y: one.y + 0.5 - 0.75 * radius, "font-size": size }, `${one.id}`),
         ];
      }));
      const lines = drawn("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, this.marks, this.ring);
      this.picture = element("img", { src: picture, alt: "The flat, stretched so that faint shadows show" });
      this.stage = element("div", { className: "stage" }, this.picture, this.canvas, lines);
      this.status = element("p", { className: "soft", role: "status" });
      this.view = element("div", {},
         this.#tools(), element("div", { className: "view" }, this.stage), this.status,
         element("p", { className: "soft" }, KEYS));
      this.resize(this.brush.radius);
   }

   #tools() {
      const mode = (value, text) => labelled(text, element("input", {
         type: "radio", name: "mode", value, id: `mode-${value}`, checked: value === "add",
      }));
      const toggle = (text, id, part) => {
         const box = element("input", { type: "checkbox", checked: true, id });
         box.addEventListener("change", () => part.classList.toggle("off", !box.checked));
         return labelled(text, box);
      };
      const most = Math.max(8, Math.round(Math.max(this.mask.width, this.mask.height) / 8));
      this.size = element("input", { type: "range", min: 1, max: most, id: "size" });
      this.size.addEventListener("input", () => this.resize(Number(this.size.value)));
      this.zoom = element("select", { id: "zoom" }, ...[1, 2, 4, 8].map((times) =>
         element("option", { value: times }, times === 1 ? "fit" : `${times} x`)));
      this.zoom.addEventListener("change", () => { this.stage.style.width = `${100 * this.zoom.value}%`; });
      this.back = button("Undo", () => this.undo(), { id: "undo", disabled: true });
      this.modes = element("fieldset", {}, element("legend", {}, "Brush"), mode("add", "add"), mode("erase", "erase"));
      return element("div", { className: "tools" },
         this.modes, labelled("brush size", this.size), this.back, labelled("zoom", this.zoom),
         toggle("mask", "show-mask", this.canvas), toggle("numbers", "show-marks", this.marks));
   }

   #listen() {
      const canvas = this.canvas;
      canvas.addEventListener("pointerdown", (event) => {
         if (event.button !== 0) return;
         canvas.setPointerCapture(event.pointerId);
         this.mask.begin();
         this.#place(event);
         this.#stamp();
      });
      canvas.addEventListener("pointermove", (event) => {
         const { x, y, radius } = this.brush;
         this.#place(event);
         if (!this.mask.stroke) return;
         const { x: toX, y: toY } = this.brush;
         const steps = Math.ceil(Math.hypot(toX - x, toY - y) / Math.max(1, radius / 3));
         for (let step = 1; step <= steps; step++) {
            this.#stamp(x + (toX - x) * step / steps, y + (toY - y) * step / steps);
         }
      });
      for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => this.#done());
      canvas.addEventListener("keydown", (event) => this.#key(event));
   }

   #key(event) {
      const { key, shiftKey } = event, command = event.ctrlKey || event.metaKey;
      if (command && key.toLowerCase() === "z") this.undo();
      else if (command || event.altKey) return;
      else if (key in ARROWS) this.#move(...ARROWS[key].map((step) => step * (shiftKey ? 10 : 1)));
      else if (key === "Enter" || key === " ") {
         this.mask.begin();
         this.#stamp();
         this.#done();
      } else if (key === "[") this.resize(this.brush.radius - 1);
      else if (key === "]") this.resize(this.brush.radius + 1);
      else if (key === "a" || key === "e") this.#choose(key === "a" ? "add" : "erase");
      else return;
      event.preventDefault();
   }

   #choose(mode) {
      this.modes.querySelector(`[value=${mode}]`).checked = true;
      this.status.textContent = `The brush will ${mode}.`;
   }

   #move(dx, dy) {
      const step = Math.max(1, Math.round(this.brush.radius / 4));
      const within = (value, most) => Math.min(Math.max(value, 0), most - 1);
      this.brush.x = within(Math.round(this.brush.x + dx * step), this.mask.width);
      this.brush.y = within(Math.round(this.brush.y + dy * step), this.mask.height);
      this.#ring();
      this.status.textContent = `Brush at ${this.brush.x}, ${this.brush.y}`;
   }

   #place(event) {
      const seen = this.canvas.getBoundingClientRect();
      this.brush.x = (event.clientX - seen.left) / seen.width * this.mask.width - 0.5;
      this.brush.y = (event.clientY - seen.top) / seen.height * this.mask.height - 0.5;
      this.#ring();
   }

   #stamp(x = this.brush.x, y = this.brush.y) {
      const value = this.modes.querySelector(":checked").value === "add" ? 1 : 0;
      this.redraw(this.mask.stamp(x, y, this.brush.radius, value));
   }

   #done() {
      this.mask.end();
      this.changed();
   }

   changed() {
      const count = this.mask.strokes.length;
      this.back.disabled = count === 0;
      this.status.textContent = count ? `${count} change${count === 1 ? "" : "s"} to the mask` : "The mask is unchanged";
   }

   undo() {
      this.mask.undo();
      this.redraw();
      this.changed();
   }

   clear(shadow) {
      this.mask.begin();
      this.mask.clearPatch(shadow.x, shadow.y, shadow.diameter / 2);
      this.redraw();
      this.#done();
   }

   resize(radius) {
      this.brush.radius = Math.min(Math.max(radius, Number(this.size.min)), Number(this.size.max));
      this.size.value = this.brush.radius;
      this.size.setAttribute("aria-valuetext", `radius ${this.brush.radius} pixels`);
      this.#ring();
   }

   #ring() {
      const { x, y, radius } = this.brush;
      for (const [key, value] of [["cx", x + 0.5], ["cy", y + 0.5], ["r", radius]]) this.ring.setAttribute(key, value);
   }

   // Draws the mask within a box of its pixels; where several share a dot, the dustiest shows.
   redraw(box = { left: 0, top: 0, right: this.mask.width - 1, bottom: this.mask.height - 1 }) {
      const { width, height, values } = this.mask, scale = this.scale;
      const left = Math.floor(box.left * scale), top = Math.floor(box.top * scale);
      const across = Math.floor(box.right * scale) - left + 1, down = Math.floor(box.bottom * scale) - top + 1;
      if (across < 1 || down < 1) return;
      const dots = new ImageData(across, down);
      for (let row = 0; row < down; row++) {
         const first = Math.floor((top + row) / scale), last = Math.min(height, Math.ceil((top + row + 1) / scale));
         for (let column = 0; column < across; column++) {
            const from = Math.floor((left + column) / scale), to = Math.min(width, Math.ceil((left + column + 1) / scale));
            let most = 0;
            for (let y = first; y < last; y++) {
               for (let i = y * width + from; i < y * width + to; i++) if (values[i] > most) most = values[i];
            }
            if (most === 0) continue;
            const dot = 4 * (row * across + column);
            [dots.data[dot], dots.data[dot + 1], dots.data[dot + 2]] = COLOR;
            dots.data[dot + 3] = OPACITY * most;
         }
      }
      this.canvas.getContext("2d").putImageData(dots, left, top);
   }
}
