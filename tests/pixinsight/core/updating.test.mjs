import assert from "node:assert/strict";
import { test } from "node:test";
import { core } from "./load.mjs";

const run = core();
const card = (name, value, comment = "") => ({ name, value, comment });
const change = (source) => ({ id: "flat_dustchange", notes: { plane: "change", source } });

test("a flat is brought up to date once, by frames enough", () => {
   const obstacle = run("updateObstacle");
   assert.equal(obstacle("flat", 5, [{ id: "flat", notes: null }, change("other")]), "");
   assert.match(obstacle("flat", 4, []), /at least 5 frames/);
   assert.match(obstacle("flat", 5, [change("flat")]), /flat was brought up to date by flat_dustchange already/);
});

test("frames are compared with the flat and must be calibrated", () => {
   const refusal = run("frameRefusal");
   const light = [card("IMAGETYP", "'Light Frame'")];
   assert.match(refusal("a.fits", light, []), /^a.fits looks raw/);
   assert.equal(refusal("a.fits", [...light, card("HISTORY", "", "ImageCalibration.masterFlat")], []), "");
   assert.equal(refusal("a.fits", [], []), "");
   assert.match(refusal("a.fits", [card("FILTER", "'Ha'")], [card("FILTER", "'L'")]), /another filter/);
   assert.match(refusal("a.fits", [card("HISTORY", "", "StarAlignment")], []), /was registered/);
});

test("what the change is called is an identifier", () => {
   assert.equal(run("changeId")("my flat"), "my_flat_dustchange");
});
