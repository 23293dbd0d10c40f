import assert from "node:assert/strict";
import { test } from "node:test";
import { core, plain } from "./load.mjs";

const run = core();
const [Viewport, blockMeans, broadLight, flattened] = ["Viewport", "blockMeans", "broadLight", "flattened"].map(run);

function viewport(imageWidth, imageHeight, width, height) {
   const view = new Viewport(imageWidth, imageHeight);
   view.resize(width, height);
   return view;
}

/** Reads rectangles of an image given by `value(x, y)`. */
const reader = (value) => ({ x0, y0, x1, y1 }) => Float32Array.from({ length: (x1 - x0) * (y1 - y0) },
   (_, i) => value(x0 + i % (x1 - x0), y0 + Math.floor(i / (x1 - x0))));

const close = (a, b, tolerance) => assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b} +- ${tolerance}`);

test("the whole image is shown at first, never above 1:1, in the middle", () => {
   const large = viewport(1000, 400, 300, 300);
   assert.equal(large.zoomText, "1:4");
   assert.deepEqual(plain(large.visible()), { x0: 0, y0: 0, x1: 1000, y1: 400 });
   assert.deepEqual(plain(large.toScreen(0, 0)), { x: 25, y: 100 });
   const small = viewport(100, 50, 300, 300);
   assert.equal(small.zoomText, "1:1");
   assert.deepEqual(plain(small.toScreen(0, 0)), { x: 100, y: 125 });
});

test("what is whole stays whole when the preview grows; what is close stays where it is", () => {
   const view = viewport(1000, 1000, 100, 100);
   view.resize(250, 250);
   assert.equal(view.zoomText, "1:4");
   view.jump(500, 500);
   view.resize(400, 400);
   assert.equal(view.zoomText, "1:1");
   assert.deepEqual(plain(view.center()), { x: 500, y: 500 });
});

test("the wheel goes in powers of two and keeps the point under it", () => {
   const view = viewport(6000, 4000, 600, 400);
   const seen = [view.zoomText];
   const { x, y } = view.toImage(200, 100);
   for (let i = 0; i < 9; ++i) {
      view.zoom(true, 200, 100);
      seen.push(view.zoomText);
      const there = view.toScreen(x, y);
      close(there.x, 200, 1e-6);
      close(there.y, 100, 1e-6);
   }
   assert.deepEqual(seen, ["1:10", "1:8", "1:4", "1:2", "1:1", "2:1", "4:1", "8:1", "16:1", "16:1"]);
   for (let i = 0; i < 12; ++i)
      view.zoom(false, 200, 100);
   assert.equal(view.zoomText, "1:10");
});

test("a zoom out of a small image stops at 1:1", () => {
   const view = viewport(100, 50, 300, 300);
   view.zoom(false, 10, 10);
   assert.equal(view.zoomText, "1:1");
});

test("a jump shows the point in the middle, as far as the image goes", () => {
   const view = viewport(1000, 1000, 200, 100);
   view.jump(600, 300);
   assert.deepEqual(plain(view.visible()), { x0: 500, y0: 250, x1: 700, y1: 350 });
   view.jump(5, 990);
   assert.deepEqual(plain(view.visible()), { x0: 0, y0: 900, x1: 200, y1: 1000 });
   view.pan(-30, 40);
   assert.deepEqual(plain(view.visible()), { x0: 30, y0: 860, x1: 230, y1: 960 });
});

test("what is seen are whole blocks", () => {
   const view = viewport(1001, 1001, 200, 200);
   view.zoom(true, 100, 100);
   view.zoom(true, 100, 100);
   view.pan(-37, -51);
   assert.equal(view.step, 2);
   const { x0, y0, x1, y1 } = view.visible();
   assert.deepEqual([x0, y0, x1, y1].map((at) => at % view.step), [0, 0, 0, 0]);
});

test("block means take every pixel once, the last blocks being smaller", () => {
   const read = reader((x, y) => x + 10 * y);
   for (const step of [1, 2, 3, 7, 100]) {
      const rect = { x0: 2, y0: 4, x1: 13, y1: 139 };
      const means = blockMeans(read, rect, step);
      const columns = Math.ceil(11 / step);
      means.forEach((mean, i) => {
         const x0 = 2 + step * (i % columns), y0 = 4 + step * Math.floor(i / columns);
         const x1 = Math.min(13, x0 + step), y1 = Math.min(139, y0 + step);
         close(mean, (x0 + x1 - 1) / 2 + 10 * (y0 + y1 - 1) / 2, 2e-4);
      });
   }
});

const SIZE = { width: 480, height: 320 };
const WHOLE = { x0: 0, y0: 0, x1: 480, y1: 320 };
const vignette = (x, y) => 0.6 - 0.25 * (((x - 240) / 240) ** 2 + ((y - 160) / 240) ** 2);
const nothing = reader(() => 0);

test("broad light divides out, to the corners", () => {
   const read = reader(vignette);
   const flat = flattened(read, WHOLE, 1, broadLight(read, nothing, SIZE.width, SIZE.height));
   for (const value of flat)
      close(value, 1, 0.004);
});

test("half a percent of dust shows in full, masked or not yet", () => {
   const inDust = (x, y) => Math.hypot(x - 300, y - 100) < 12;
   const read = reader((x, y) => (0.6 + 0.4 * vignette(x, y)) * (inDust(x, y) ? 0.995 : 1));
   for (const [mask, tolerance] of [[reader((x, y) => Number(inDust(x, y))), 0.0005], [nothing, 0.0025]]) {
      const light = broadLight(read, mask, SIZE.width, SIZE.height);
      const [inside] = flattened(read, { x0: 300, y0: 100, x1: 304, y1: 104 }, 4, light);
      const [outside] = flattened(read, { x0: 340, y0: 100, x1: 344, y1: 104 }, 4, light);
      close(inside / outside, 0.995, tolerance);
   }
});

test("the sites of a mosaic have levels of their own", () => {
   const read = reader((x, y) => vignette(x, y) * [0.5, 1, 1, 0.7][2 * (y & 1) + (x & 1)]);
   const light = broadLight(read, nothing, SIZE.width, SIZE.height);
   for (const [x0, y0] of [[100, 100], [101, 100], [100, 101], [101, 101]])
      close(flattened(read, { x0, y0, x1: x0 + 5, y1: y0 + 5 }, 1, light)[0], 1, 0.004);
});

test("a masked or dead stretch takes the light of its neighbours; a black image is no trouble", () => {
   const read = reader((x, y) => x < 100 ? 0 : vignette(x, y));
   const light = broadLight(read, nothing, SIZE.width, SIZE.height);
   assert.ok(light.levels.every((level) => level > 0.1));
   const black = broadLight(nothing, nothing, 40, 30);
   assert.ok(flattened(nothing, { x0: 0, y0: 0, x1: 40, y1: 30 }, 3, black).every((value) => value === 0));
});

test("an image smaller than a cell is flattened by its mean", () => {
   const read = reader(() => 0.3);
   const light = broadLight(read, nothing, 9, 7);
   for (const value of flattened(read, { x0: 0, y0: 0, x1: 9, y1: 7 }, 2, light))
      close(value, 1, 1e-6);
});

test("gray ends at the span; the factor's colors part at exactly 1", () => {
   const [gray, factor] = [run("grayTone"), run("factorTone")];
   assert.deepEqual([0.9, 0.97, 1, 1.03, 1.2].map((value) => gray(value, 0.03)[0]).map((v) => Math.round(100 * v) / 100),
      [0, 0, 0.5, 1, 1]);
   const [below, at, above] = [0.99, 1, 1.01].map((value) => factor(value, 0.03));
   assert.ok(below[2] > below[0] && above[0] > above[2]);
   assert.ok(Math.max(...at) < 0.1);
   assert.deepEqual(plain(factor(0.5, 0.03)), plain(factor(0.97, 0.03)));
   assert.ok(factor(NaN, 0.03).every(Number.isFinite) && gray(NaN, 0.03).every(Number.isFinite));
});

test("dust is tinted as far as the mask tells", () => {
   const planes = run("colorPlanes")([1, 1, 1], run("grayTone"), 0.03, [0, 0.5, 1]);
   const [red, , blue] = planes.map((plane) => [...plane]);
   assert.ok(red[0] === 0.5 && red[1] > red[0] && red[2] > red[1]);
   assert.ok(blue[0] === 0.5 && blue[1] < blue[0] && blue[2] < blue[1]);
});
