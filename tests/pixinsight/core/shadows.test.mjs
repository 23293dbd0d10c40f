import assert from "node:assert/strict";
import { test } from "node:test";
import { core, plain, strict } from "./load.mjs";

const run = core();
const [maskPieces, putPiece, isIn, joinedShadows, shadowCells, reviewedShadows, reviewChoices] = ["maskPieces", "putPiece",
   "isIn", "joinedShadows", "shadowCells", "reviewedShadows", "reviewChoices"].map(run);
const [otherChoice, choiceText] = ["otherChoice", "choiceText"].map(run);

const WIDTH = 9;
const LEVELS = { ".": 0, "-": 0.25, "#": 1 };
const MASK = [
   ".........",
   ".--......",
   ".-##--#-.",
   "..-#..#-.",
   "....#.---",
   "-........"
];
const samples = () => Float32Array.from(MASK.join(""), (c) => LEVELS[c]);
const pieces = () => maskPieces(samples(), WIDTH, MASK.length);

test("pieces hang together by corners; each soft edge goes to the nearest piece", () => {
   const [left, right] = pieces();
   assert.equal(pieces().length, 2);
   assert.deepEqual([left.coreCount, right.coreCount], [4, 2]);
   assert.deepEqual([left.x, left.y], [3, 2.75]);
   assert.deepEqual([right.x, right.y], [6, 2.5]);
   assert.deepEqual(plain(left.box), { x0: 1, y0: 1, x1: 5, y1: 5 });
   assert.deepEqual(plain(right.box), { x0: 5, y0: 2, x1: 9, y1: 5 });
});

const boxed = (mask, { x0, y0, x1, y1 }) => {
   const part = [];
   for (let y = y0; y < y1; ++y)
      part.push(...mask.subarray(y * WIDTH + x0, y * WIDTH + x1));
   return part;
};

test("a piece comes out whole, edge included, and back as it was; others stay", () => {
   const [left, right] = pieces();
   const before = boxed(samples(), left.box);
   const changed = [...before];
   assert.ok(isIn(left, changed));
   putPiece(left, changed, false);
   assert.ok(!isIn(left, changed));
   assert.deepEqual(changed, before.map(() => 0));
   putPiece(left, changed, true);
   assert.deepEqual(changed, before);
   const other = boxed(samples(), right.box);
   putPiece(left, other.slice(), false);
   assert.ok(isIn(right, other));
});

test("taken back, what was painted around a piece stays", () => {
   const [, right] = pieces();
   const painted = boxed(samples(), right.box).map(() => 0.75);
   putPiece(right, painted, true);
   assert.equal(Math.min(...painted), 0.75);
   assert.equal(Math.max(...painted), 1);
});

const found = { id: 1, x: 3, y: 2.75, diameter: 2.3 };

test("what a later correction measured is shown with the shadow it belongs to", () => {
   const measured = [{ id: 7, x: 3.4, y: 2.5, diameter: 2, depth: 0.05, uncertainty: 0.001, corrected: true }];
   const [near, far] = joinedShadows([found, { ...found, id: 2, x: 40 }], pieces(), measured);
   assert.deepEqual([near.id, near.depth, near.corrected], [1, 0.05, true]);
   assert.deepEqual([far.depth, far.corrected, far.piece], [undefined, undefined, undefined]);
   assert.equal(near.piece.coreCount, 4);
});

test("a row tells what is known and what became of the shadow", () => {
   const [piece] = pieces();
   const measured = { ...found, piece, depth: 0.0512, uncertainty: 0.00049, corrected: true };
   assert.deepEqual([...shadowCells(measured, true)], ["1", "3.0, 2.8", "2.3 px", "5.12 %", "0.05 %", "yes"]);
   const fate = (shadow, isWanted) => shadowCells(shadow, isWanted)[5];
   assert.equal(fate(measured, false), "left out");
   assert.equal(fate({ ...measured, corrected: false }, true), "no");
   assert.equal(fate({ ...found, piece }, true), "");
   assert.equal(fate(found, false), "left alone");
   assert.deepEqual([...shadowCells({ ...found, piece }, true)].slice(3), ["", "", ""]);
});

const notes = (plane, job, source = "flat") => ({ plane, job, source, scale: 2 });
const view = (id, given = null, width = WIDTH) =>
   ({ id, width, height: 6, channels: 1, notes: given, calibration: run("calibrationKind")(id, []) });

test("the factor and its own dust-free flat can be seen beside the flat", () => {
   const views = [view("flat"), view("f", notes("correction", "a")), view("old", notes("clean_flat", "b")),
      view("clean", notes("clean_flat", "a")), view("big", notes("correction", "c"), 99)];
   const ids = (factor) => plain(reviewChoices(views, "flat", factor)).map(({ plane, id, scale }) => [plane, id, scale]);
   assert.deepEqual(ids("f"), [["flat", "flat", 1], ["correction", "f", 2], ["clean_flat", "clean", 1]]);
   for (const none of ["", "big", "gone"])
      assert.deepEqual(ids(none), [["flat", "flat", 1]]);
   assert.deepEqual(plain(reviewChoices(views, "gone", "f")), []);
});

test("an image can be seen before and after, and is compared with itself", () => {
   const views = [view("flat"), view("f", notes("correction", "a")), view("clean", notes("clean_flat", "a")), view("M42"),
      view("masterBias"), view("small", null, 3)];
   const choices = reviewChoices(views, "flat", "f");
   assert.deepEqual(plain(choices).slice(3), [
      { plane: "light", subject: "M42", id: "M42", scale: 1 },
      { plane: "clean_light", subject: "M42", id: "M42", scale: 1, factor: { id: "f", scale: 2 } }
   ]);
   const pairs = choices.map((choice) => choices.indexOf(otherChoice(choices, choice)));
   assert.deepEqual([...pairs], [2, 2, 0, 4, 3]);
   assert.deepEqual([...choices.map(choiceText)].slice(3), ["M42, as it is", "M42, divided by the factor"]);
});

/** A workflow before a bridge with `jobs`; `asked` collects what it was asked for. */
function workflow(views, jobs) {
   const asked = [];
   let freed = 0;
   const loaded = { image: { width: WIDTH, height: 6 }, free: () => ++freed };
   const get = (path) => {
      asked.push(path.split("/").pop());
      return jobs[asked.at(-1)];
   };
   return { asked, freed: () => freed, work: strict("workflow", {
      require: (id) => views.find((one) => one.id === id),
      fetch: (_, job, name) => { asked.push(name); return loaded; },
      ports: strict("ports", {
         ui: { stage() {} }, connect: () => ({ get }),
         images: strict("images", { samples, describe: (id) => views.find((one) => one.id === id) || null })
      })
   }) };
}

test("shadows come from the mask's own work, their depths from the factor's", () => {
   const views = [view("m", notes("mask", "a")), view("f", notes("correction", "b")),
      view("other", notes("correction", "c", "another"))];
   const jobs = {
      a: { figures: { shadows: [found, { id: 2, x: "bad" }] } },
      b: { figures: { shadows: [{ ...found, depth: 0.1, corrected: true }] } }
   };
   const one = workflow(views, jobs);
   const [shadow, ...more] = reviewedShadows(one.work, "m", "f");
   assert.deepEqual([shadow.id, shadow.depth, more.length], [1, 0.1, 0]);
   assert.deepEqual(one.asked, ["a", "b", "mask"]);
   assert.equal(one.freed(), 1);
   for (const unrelated of ["", "other", "gone"]) {
      const two = workflow(views, jobs);
      assert.equal(reviewedShadows(two.work, "m", unrelated)[0].depth, undefined);
      assert.deepEqual(two.asked, ["a", "mask"]);
   }
});

test("a mask that does not tell its work has no list", () => {
   assert.deepEqual([...reviewedShadows(workflow([view("m", { plane: "mask" })], {}).work, "m", "")], []);
});

test("a pixel tells its value, its factor, and in a shadow how sure that is", () => {
   const [shadowAt, pointText] = ["shadowAt", "pointText"].map(run);
   const shadows = [{ x: 10, y: 5, diameter: 4, uncertainty: 0.0012 }, { x: 30, y: 5, diameter: 4 }];
   assert.equal(shadowAt(shadows, 12, 5), shadows[0]);
   assert.equal(shadowAt(shadows, 13, 5), undefined);
   assert.equal(pointText(1, 2, 0.5, undefined, undefined), "x 1, y 2: 0.5000");
   assert.equal(pointText(1, 2, 0.5, 1, shadows[0]), "x 1, y 2: 0.5000, factor 1.0000");
   assert.equal(pointText(1, 2, 0.5, 0.95, shadows[0]), "x 1, y 2: 0.5000, factor 0.9500 \u00b1 0.0012");
   assert.equal(pointText(1, 2, 0.5, 0.95, shadows[1]), "x 1, y 2: 0.5000, factor 0.9500");
});
