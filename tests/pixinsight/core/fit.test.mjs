import assert from "node:assert/strict";
import { test } from "node:test";
import { core, strict } from "./load.mjs";

const run = core();

const FACTOR = { id: "f", width: 8, height: 6, channels: 1, notes: { plane: "correction", scale: 2, job: "j" } };
const LIGHT = { id: "light", width: 8, height: 6, channels: 1, notes: null };
const GONE = { verdict: "not-in-target", words: "not-in-target (k = 0.00 +- 0.05): gone" };

/** A workflow that measures `figures`; `done` counts what it divided. */
function measured(figures) {
   const done = [];
   const apply = (target, factor) => {
      done.push(target + "/" + factor);
      return { findings: [], warnings: ["w"] };
   };
   return { done, workflow: strict("workflow", { fit: () => figures, apply }) };
}

const session = () => ({ target: "light", factor: "f", refused: "" });

test("only what matches, or cannot be told, is divided at once", () => {
   for (const verdict of ["matches", "too-faint"]) {
      const { done, workflow } = measured({ verdict, words: verdict });
      const shown = run("applyMeasured")(workflow, session());
      assert.deepEqual(done, ["light/f"]);
      assert.deepEqual([...shown.findings], ["Dust fit: " + verdict + "."]);
      assert.deepEqual([...shown.warnings], ["w"]);
   }
   for (const verdict of ["not-in-target", "stale-flat", "pedestal-or-gamma"]) {
      const { done, workflow } = measured({ verdict, words: verdict });
      assert.throws(() => run("applyMeasured")(workflow, session()), { slug: "target-refused" });
      assert.deepEqual(done, []);
   }
});

test("asked again for the same two, it divides; for others it measures anew", () => {
   const { done, workflow } = measured(GONE);
   const chosen = session();
   const apply = () => run("applyMeasured")(workflow, chosen);
   assert.throws(apply, /light: not-in-target .* Apply once more/);
   chosen.target = "other";
   assert.throws(apply, /other: not-in-target/);
   apply();
   assert.deepEqual(done, ["other/f"]);
   assert.throws(apply, /other: not-in-target/);
});

/** The figures of a workflow in front of a bridge, and what it warned of. */
function asked(reach, factor = FACTOR) {
   const warned = [];
   const Workflow = run("Workflow");
   const work = new Workflow(strict("ports", {
      reach, ui: strict("ui", { stage() {}, warn: (text) => warned.push(text) }),
      images: strict("images", { describe: (id) => ({ f: factor, light: LIGHT })[id] || null, save() {} }),
      files: strict("files", { temporary: () => "t", remove() {} })
   }));
   return { figures: work.fit("light", "f"), warned };
}

test("the bridge is asked with the factor's own job", () => {
   const requests = [];
   const client = { upload: () => "frame", run: (request) => (requests.push(request), { figures: GONE }) };
   assert.equal(asked(() => client).figures, GONE);
   assert.deepEqual({ ...requests[0] }, { operation: "fit", correction: "j", target: "frame" });
});

test("without a bridge, or without its answer, it says so and goes on", () => {
   const Problem = run("Problem");
   const failing = () => ({ upload() { throw new Problem("It is full."); } });
   const nameless = { ...FACTOR, notes: { ...FACTOR.notes, job: "" } };
   for (const [reach, factor, why] of [
      [() => null, FACTOR, /the bridge is not running/],
      [failing, FACTOR, /It is full/],
      [failing, nameless, /does not tell which work/]
   ]) {
      const { figures, warned } = asked(reach, factor);
      assert.equal(figures, null);
      assert.match(warned[0], why);
   }
});
