import assert from "node:assert/strict";
import { test } from "node:test";
import { core } from "./load.mjs";

const run = core();
const refusal = (image, flat = []) => run("pastRefusal")("light", image, flat);
const card = (name, value, comment = "") => ({ name, value, comment });
const history = (comment) => [card("HISTORY", "", comment)];

for (const [keywords, words] of [
   [history("StarAlignment.pixelInterpolation: Lanczos-3"), "was registered"],
   [history("ImageIntegration.numberOfImages: 30"), "was stacked"],
   [history("DrizzleIntegration.scale: 2.00"), "was drizzled"],
   [history("HistogramTransformation with shadows clipping"), "was stretched"],
   [[card("IMAGETYP", "'Master Light'")], "was stacked"],
   [[card("STACKCNT", "24")], "was stacked"]
])
   test(`an image that ${words} is told apart (${keywords[0].name})`, () => {
      assert.ok(refusal(keywords).startsWith("light " + words));
   });

test("a calibrated frame is taken", () => {
   const told = [...history("ImageCalibration.masterFlat.fileName: MasterFlat.xisf"), card("IMAGETYP", "'Light Frame'"),
      card("NCOMBINE", "1"), card("FILTER", "'H-alpha'"), card("XBINNING", "1")];
   assert.equal(refusal(told, [card("FILTER", "'h alpha '"), card("XBINNING", "1.0"), card("INSTRUME", "'X'")]), "");
   assert.equal(refusal([]), "");
});

for (const [name, flat, image, words] of [
   ["FILTER", "'OIII'", "'H-alpha'", "another filter than the flat (H-alpha, not OIII)"],
   ["INSTRUME", "'A'", "'B'", "another camera"],
   ["XBINNING", "1", "2", "another binning than the flat (2, not 1)"]
])
   test(`${name} of flat and image are compared`, () => {
      assert.ok(refusal([card(name, image)], [card(name, flat)]).includes(words));
   });
