import assert from "node:assert/strict";
import { test } from "node:test";
import { core, plain } from "./load.mjs";

const run = core();

const view = (id, more = {}) => ({ id, width: 8, height: 6, channels: 1, notes: null, calibration: "", ...more });
const factor = (more = {}) => view("f", { notes: { plane: "correction", source: "flat", job: "j", scale: 2 }, ...more });

test("the expression undoes the factor's scale", () => {
   const expression = run("applyExpression");
   assert.equal(expression(factor(), false), "$T/(2*f)");
   assert.equal(expression(factor({ notes: { plane: "correction", scale: 1 } }), false), "$T/f");
   assert.equal(expression(factor(), true), "iif($T<1,$T/(2*f),$T)");
   assert.equal(expression(factor(), true, true), "iif($T<1,$T*(2*f),$T)");
});

test("every parameter of the step is set, and none rescales or makes a new image", () => {
   const settings = run("pixelMathSettings")("$T/f");
   assert.equal(settings.rescale, false);
   assert.equal(settings.truncate, true);
   assert.equal(settings.createNewImage, false);
   assert.equal(settings.useSingleExpression, true);
});

const obstacle = (target, by = factor()) => run("applyObstacle")(target, by);

test("only a frame of the same geometry and color may be divided", () => {
   assert.equal(obstacle(view("light")), "");
   assert.match(obstacle(view("light", { width: 9 })), /9 x 6 pixels, the dust factor 8 x 6/);
   assert.match(obstacle(view("light", { channels: 3 })), /RGB color, the dust factor gray/);
   assert.match(obstacle(view("light"), factor({ channels: 3 })), /gray, the dust factor RGB color/);
});

test("FlatBridge's own images are never divided, and nothing else divides", () => {
   assert.notEqual(obstacle(factor()), "");
   assert.notEqual(obstacle(view("m", { notes: { plane: "mask" } })), "");
   assert.notEqual(obstacle(view("c", { notes: { plane: "clean_flat" } })), "");
   assert.equal(obstacle(view("m", { notes: { plane: "median" } })), "");
   assert.notEqual(obstacle(view("light"), view("other")), "");
   assert.notEqual(obstacle(view("light"), factor({ notes: { plane: "correction" } })), "");
});

test("targets leave out the flat, FlatBridge's own and what does not fit", () => {
   const views = [view("flat"), view("light"), view("big", { width: 99 }), factor()];
   assert.deepEqual(plain(run("applyTargets")(views, factor())).map((v) => v.id), ["light"]);
   assert.deepEqual(plain(run("applyTargets")(views, undefined)), []);
});

const mask = (id, source) => view(id, { notes: { plane: "mask", source, job: "j" } });

test("a session takes up where the windows say it was", () => {
   const views = [view("other"), view("flat"), mask("flat_dustmask", "flat"), mask("flat_dustmask1", "flat")];
   const Session = run("Session");
   const session = new Session(() => views, {}, "flat_dustmask");
   assert.deepEqual([session.source, session.mask, session.factor, session.target],
      ["flat", "flat_dustmask", "", ""]);
   assert.equal(new Session(() => views, {}, "flat").mask, "flat_dustmask1");
   views.push(factor(), view("light"));
   session.take({ correction: "f" });
   assert.deepEqual([session.factor, session.target], ["f", "light"]);
   assert.deepEqual(plain(session.toIcon()),
      { options: plain(run("defaultOptions()")), source: "flat", factor: "f", job: "j" });
});

test("a frame of calibration is no target but by choice", () => {
   const views = [view("flat"), factor(), view("M42"), view("masterBias", { calibration: "bias" })];
   const session = new (run("Session"))(() => views, {}, "flat");
   assert.equal(session.target, "M42");
   session.choose("target", "masterBias");
   assert.equal(session.target, "masterBias");
   views.splice(2, 1);
   session.refresh();
   assert.deepEqual(plain(session.targets).map(({ id }) => id), ["masterBias"]);
});

test("a mask and a factor of one work are chosen together", () => {
   const own = (id, job) => view(id, { notes: { plane: "correction", source: "flat", job, scale: 1 } });
   const roll = (id, job) => view(id, { notes: { plane: "mask", source: "flat", job } });
   const views = [view("flat"), roll("m0", "a"), own("f0", "a"), roll("m1", "b"), own("f1", "b"), roll("m2", "c")];
   const session = new (run("Session"))(() => views, {}, "flat");
   session.choose("factor", "f0");
   assert.deepEqual([session.mask, session.factor], ["m0", "f0"]);
   session.choose("mask", "m1");
   assert.deepEqual([session.mask, session.factor], ["m1", "f1"]);
   session.choose("mask", "m2");
   assert.deepEqual([session.mask, session.factor], ["m2", "f1"]);
});

test("a mask from a file belongs to every flat of its size", () => {
   const file = view("mask", { notes: { plane: "mask" } });
   const choices = run("maskChoices");
   assert.deepEqual(plain(choices([file], view("flat"))).map((v) => v.id), ["mask"]);
   assert.deepEqual(plain(choices([file], view("flat", { width: 7 }))), []);
});

test("a session forgets what was closed", () => {
   let views = [view("flat"), mask("flat_dustmask", "flat")];
   const Session = run("Session");
   const session = new Session(() => views, {}, "flat");
   assert.equal(session.mask, "flat_dustmask");
   views = [];
   session.refresh();
   assert.deepEqual([session.source, session.mask], ["", ""]);
});

test("the dust-free flat can be analyzed again", () => {
   const free = view("flat_dustfree", { notes: { plane: "clean_flat", source: "flat", job: "j" } });
   assert.equal(run("initialSource")([view("flat"), free], "flat_dustfree", ""), "flat_dustfree");
});

test("whoever opens the dialog is told the first step", () => {
   const first = run("firstStep");
   assert.match(first({ source: "", factor: "", target: "" }), /Open a master flat/);
   assert.match(first({ source: "s", factor: "", target: "" }), /Press Run/);
   assert.match(first({ source: "s", factor: "f", target: "" }), /Open an image/);
   assert.equal(first({ source: "s", factor: "f", target: "t" }), "");
});

test("buttons need what they work on", () => {
   const possible = (more) => plain(run("possibleActions")({ busy: false, source: "", mask: "", factor: "", target: "", options: run("defaultOptions")(), ...more }));
   assert.deepEqual(possible({}), { run: false, detect: false, again: false, median: true, update: false, correct: false, review: false, apply: false, several: false, master: false, files: false, cancel: false });
   assert.deepEqual(possible({ source: "s", mask: "m", factor: "f", target: "t" }),
      { run: true, detect: true, again: false, median: true, update: true, correct: true, review: true, apply: true, several: true, master: true, files: true, cancel: false });
   const rolls = { source: "s", mask: "m", factor: "f", target: "t", options: { detector: "local", inpainter: "gemini" } };
   assert.equal(possible(rolls).again, true);
   assert.equal(possible({ ...rolls, factor: "" }).again, false);
   assert.equal(possible({ ...rolls, busy: true }).again, false);
   assert.deepEqual(possible({ busy: true, source: "s", mask: "m", factor: "f", target: "t" }),
      { run: false, detect: false, again: false, median: false, update: false, correct: false, review: false, apply: false, several: false, master: false, files: false, cancel: true });
});
