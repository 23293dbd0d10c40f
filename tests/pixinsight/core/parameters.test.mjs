import assert from "node:assert/strict";
import { test } from "node:test";
import { core, plain } from "./load.mjs";

const run = core(["parameters.js"]);
const clean = (values) => plain(run("cleanOptions")(values));

test("defaults lie in range and clean to themselves", () => {
   const defaults = plain(run("defaultOptions()"));
   assert.deepEqual(clean(defaults), defaults);
});

test("texts, as a process icon holds them, give the values back", () => {
   const values = {
      threshold: 3.5, bias: 512, dilate: 12, feather: "auto", cfa: "2x2", detector: "gemini", inpainter: "local", verify: "loose"
   };
   const texts = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
   assert.deepEqual(clean(texts), values);
});

test("values out of range are moved into it", () => {
   assert.deepEqual(clean({ threshold: 1e9, dilate: -3, feather: 0.4, cfa: "x-trans" }),
      { ...plain(run("defaultOptions()")), threshold: 50, dilate: 0, feather: 0 });
});

for (const nonsense of ["", " ", "many", NaN, null, undefined, {}, Infinity])
   test(`nonsense (${String(nonsense)}) gives the default`, () => {
      assert.deepEqual(clean({ threshold: nonsense }).threshold, plain(run("defaultOptions()")).threshold);
   });

test("stored options may be missing altogether", () => {
   assert.deepEqual(clean(null), plain(run("defaultOptions()")));
});

test("a mask sent along is not grown a second time", () => {
   const request = run("requestOptions");
   assert.deepEqual(Object.keys(request({ dilate: 9 }, true)).sort(),
      ["bias", "cfa", "detector", "inpainter", "threshold", "verify"]);
   assert.equal(request({ dilate: 9 }, false).dilate, 9);
});
