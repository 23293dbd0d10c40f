// Circles drawn into a dust mask, and taken out of it.

/** What the mouse does in the preview: label, and the mask's value inside a drawn circle; none for moving. */
const BRUSHES = [
   { label: "Move", value: null },
   { label: "Add dust", value: 1 },
   { label: "Erase", value: 0 }
];

const SMALLEST_RADIUS = 1.5;

/** Returns the circle from its center to where the mouse was let go, in image pixels. */
function drawnCircle(center, end) {
   return { x: center.x, y: center.y, radius: Math.max(SMALLEST_RADIUS, Math.hypot(end.x - center.x, end.y - center.y)) };
}

/** Returns the rectangle of pixels that a circle touches; null if it lies outside the image. */
function circleBox({ x, y, radius }, width, height) {
   const box = {
      x0: Math.max(0, Math.floor(x - radius - 1)), y0: Math.max(0, Math.floor(y - radius - 1)),
      x1: Math.min(width, Math.ceil(x + radius + 1)), y1: Math.min(height, Math.ceil(y + radius + 1))
   };
   return box.x0 < box.x1 && box.y0 < box.y1 ? box : null;
}

/** Draws a circle, its edge one pixel soft, into the samples of a rectangle of the mask; `value` 0 takes it out. */
function putCircle(samples, box, { x, y, radius }, value) {
   const width = box.x1 - box.x0;
   for (let i = 0; i < samples.length; ++i) {
      const distance = Math.hypot(box.x0 + i % width + 0.5 - x, box.y0 + Math.floor(i / width) + 0.5 - y);
      const inside = Math.min(1, Math.max(0, radius + 0.5 - distance));
      samples[i] = value > 0 ? Math.max(samples[i], inside) : Math.min(samples[i], 1 - inside);
   }
}
