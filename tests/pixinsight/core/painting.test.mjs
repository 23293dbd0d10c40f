import assert from "node:assert/strict";
import { test } from "node:test";
import { core, plain } from "./load.mjs";

const run = core();
const [circleBox, drawnCircle, putCircle, pieceNear, joinedShadows] = ["circleBox", "drawnCircle", "putCircle", "pieceNear",
   "joinedShadows"].map(run);

test("a circle goes from its center to where the mouse was let go, and is never nothing", () => {
   assert.deepEqual(plain(drawnCircle({ x: 4, y: 5 }, { x: 7, y: 9 })), { x: 4, y: 5, radius: 5 });
   assert.equal(drawnCircle({ x: 4, y: 5 }, { x: 4, y: 5 }).radius, 1.5);
});

test("only pixels of the image are touched", () => {
   assert.deepEqual(plain(circleBox({ x: 2, y: 9, radius: 3 }, 20, 10)), { x0: 0, y0: 5, x1: 6, y1: 10 });
   assert.equal(circleBox({ x: -9, y: 5, radius: 3 }, 20, 10), null);
   assert.equal(circleBox({ x: 5, y: 15, radius: 3 }, 20, 10), null);
});

test("a circle is white inside, a pixel soft at its edge, and leaves what was white before", () => {
   const box = { x0: 10, y0: 20, x1: 19, y1: 29 };
   const samples = new Float32Array(81);
   samples[0] = 0.75;
   putCircle(samples, box, { x: 14.5, y: 24.5, radius: 3 }, 1);
   assert.equal(samples[0], 0.75);
   assert.deepEqual(Array.from(samples.slice(36, 45)), [0, 0.5, 1, 1, 1, 1, 1, 0.5, 0]);
   putCircle(samples, box, { x: 14.5, y: 24.5, radius: 3 }, 0);
   assert.deepEqual(Array.from(samples.slice(36, 45)), [0, 0.5, 0, 0, 0, 0, 0, 0.5, 0]);
   assert.equal(samples[0], 0.75);
});

/** A mask of 30 x 20 with a square of 4 x 4 at (20, 10). */
const square = ({ x0, y0, x1, y1 }) => Float32Array.from({ length: (x1 - x0) * (y1 - y0) }, (_, i) => {
   const x = x0 + i % (x1 - x0), y = y0 + Math.floor(i / (x1 - x0));
   return x >= 20 && x < 24 && y >= 10 && y < 14 ? 1 : 0;
});

test("what was drawn is found in the mask and follows those that the detection found", () => {
   const drawn = { id: 1, x: 21.5, y: 11.5, diameter: 4.5, depth: 0.01, uncertainty: 0.001, corrected: true };
   const piece = pieceNear(square, drawn, 30, 20);
   assert.deepEqual(plain([piece.x, piece.y, piece.box]), [21.5, 11.5, { x0: 20, y0: 10, x1: 24, y1: 14 }]);
   assert.equal(pieceNear(square, { ...drawn, x: 5 }, 30, 20), undefined);
   assert.equal(pieceNear(square, { ...drawn, x: 500 }, 30, 20), undefined);
   const found = { id: 7, x: 3, y: 3, diameter: 4 };
   const gone = { ...drawn, id: 2, x: 5 };
   const rows = joinedShadows([found], [], [drawn, gone], (shadow) => pieceNear(square, shadow, 30, 20));
   assert.deepEqual(plain(rows.map(({ id, depth }) => [id, depth === undefined ? null : depth])), [[7, null], [8, 0.01]]);
});
