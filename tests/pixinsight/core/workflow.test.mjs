import assert from "node:assert/strict";
import { test } from "node:test";
import { core, strict } from "./load.mjs";

const run = core();

const VIEWS = {
   light: { id: "light", width: 8, height: 6, channels: 1, notes: null },
   f: { id: "f", width: 8, height: 6, channels: 1, notes: { plane: "correction", source: "flat", job: "j", scale: 2 } }
};

/** A workflow without a bridge, in front of windows that divide as `divide` says; `said` collects its words. */
function workflow(divide, extremes = { negative: 0, saturated: false }) {
   const said = [];
   const say = (text) => said.push(text);
   const Workflow = run("Workflow");
   return { said, work: new Workflow(strict("ports", {
      images: strict("images", { describe: (id) => VIEWS[id] || null, extremes: () => extremes, divide }),
      ui: strict("ui", { stage() {}, say, warn: say })
   })) };
}

test("a division that PixelMath refuses is never told as done", () => {
   for (const answer of [false, undefined]) {
      const { work, said } = workflow(() => answer);
      assert.throws(() => work.apply("light", "f"), { slug: "pixelmath" });
      assert.deepEqual(said, []);
   }
});

test("a division tells its expression and what it cost", () => {
   const { work, said } = workflow(() => true, { negative: 1, saturated: true });
   assert.deepEqual([...work.apply("light", "f").warnings], ["1 negative value became 0."]);
   assert.match(said[0], /^light: PixelMath iif\(\$T<1,\$T\/\(2\*f\),\$T\)/);
});

test("an image that was closed is told by its name", () => {
   assert.throws(() => workflow(() => true).work.apply("gone", "f"), /^Error: gone is no longer open\.$/);
});
