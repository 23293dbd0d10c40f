import assert from "node:assert/strict";
import { test } from "node:test";
import { core, strict } from "./load.mjs";

const run = core();

const FACTOR = { id: "f", width: 8, height: 6, channels: 1, notes: { plane: "correction", scale: 2, job: "j" } };
const LIGHT = { id: "light", width: 8, height: 6, channels: 1, notes: null };
const GONE = { verdict: "not-in-target", words: "not-in-target (k = 0.00 +- 0.05): gone" };

/** A workflow that measures `figures` and gets these answers; `done` tells what it did, `asked` what it asked. */
function measured(figures, answers = [], past = "") {
   const done = [];
   const asked = [];
   const apply = (target, factor, multiply) => {
      done.push(target + (multiply ? "*" : "/") + factor);
      return { findings: [], warnings: ["w"] };
   };
   const ask = (question) => {
      asked.push(question);
      return answers[asked.length - 1];
   };
   return { done, asked, workflow: strict("workflow", { past: () => past, fit: () => figures, apply, ask }) };
}

const session = () => ({ target: "light", factor: "f", refused: "" });

test("only what matches is divided at once", () => {
   const { done, asked, workflow } = measured({ verdict: "matches", words: "matches" });
   const shown = run("applyMeasured")(workflow, session());
   assert.deepEqual(done, ["light/f"]);
   assert.deepEqual(asked, []);
   assert.deepEqual([...shown.findings], ["Dust fit: matches."]);
   assert.deepEqual([...shown.warnings], ["w"]);
   for (const verdict of ["not-in-target", "pedestal-or-gamma"]) {
      const { done, workflow } = measured({ verdict, words: verdict });
      assert.throws(() => run("applyMeasured")(workflow, session()), { slug: "target-refused" });
      assert.deepEqual(done, []);
   }
});

test("what keywords speak against is told before anything is measured, and overruled", () => {
   const { done, workflow } = measured({ verdict: "matches", words: "m" }, [], "light was registered");
   const chosen = session();
   const apply = () => run("applyMeasured")(workflow, chosen);
   assert.throws(apply, /^Problem: light was registered\. Nothing was changed; press Apply once more|light was registered/);
   assert.deepEqual(done, []);
   apply();
   assert.deepEqual(done, ["light/f"]);
});

test("a stale flat is undone if the user says so", () => {
   const stale = { verdict: "stale-flat", k: -0.98, words: "stale-flat" };
   const yes = measured(stale, [true]);
   run("applyMeasured")(yes.workflow, session());
   assert.deepEqual(yes.done, ["light*f"]);
   assert.match(yes.asked[0], /divided into light when the dust had gone \(k = -0\.98\).*Multiply/);
   const no = measured(stale, [false]);
   assert.throws(() => run("applyMeasured")(no.workflow, session()), run("Cancelled"));
   assert.deepEqual(no.done, []);
});

for (const [answers, done] of [[[true], ["light/f"]], [[false, true], ["light*f"]], [[false, false], []]])
   test(`where the light cannot tell, the user does (${answers})`, () => {
      const faint = measured({ verdict: "too-faint", words: "too-faint" }, answers);
      const apply = () => run("applyMeasured")(faint.workflow, session());
      if (done.length === 0)
         assert.throws(apply, run("Cancelled"));
      else
         apply();
      assert.deepEqual(faint.done, done);
      assert.equal(faint.asked.length, answers.length);
      assert.match(faint.asked[0], /Is the dust still in it\?/);
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
