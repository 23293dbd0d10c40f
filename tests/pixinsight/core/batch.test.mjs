import assert from "node:assert/strict";
import { test } from "node:test";
import { core, plain, strict } from "./load.mjs";

const run = core();
const [Problem, cleanFiles, filesObstacle, filesDone, overruling] = ["Problem", "cleanFiles", "filesObstacle", "filesDone",
   "overruling"].map(run);

test("no file is listed twice", () => {
   assert.deepEqual([...run("withFiles")(["/a", "/b"], ["/b", "/c", "/c"])], ["/a", "/b", "/c"]);
});

test("what cannot be is told, and nothing else", () => {
   const told = (files, folder) => filesObstacle(files, folder);
   assert.match(told([], "/out"), /^Add/);
   assert.match(told(["/n/a.fits"], ""), /^Choose the folder/);
   for (const folder of ["/n", "/n/"])
      assert.match(told(["/o/b.fits", "/n/a.fits"], folder), /^a\.fits lies in that folder itself/);
   assert.match(told(["/n/a.fits", "/m/A.FITS"], "/out"), /^Two files are called a\.fits/);
   assert.equal(told(["C:/n/a.fits", "C:/n/b.fits"], "C:/n/sub"), "");
   assert.equal(told(["C:/n/a.fits"], "C:/"), "");
});

const refusal = (sentence, rule) => new Problem(sentence, "target-refused", { rule });

test("a refusal leaves a question, without the words of the command line", () => {
   const { question, options } = overruling(refusal("a.fits was registered; --force applies it all the same.", "registered"));
   assert.equal(question, "a.fits was registered. Divide all the same?");
   assert.deepEqual(plain(options), { force: true });
   assert.deepEqual(plain(overruling(refusal("x", "stale-flat")).options), { multiply: true });
   for (const other of [new Problem("no", "file-trouble"), new Error("no"), "no"])
      assert.equal(overruling(other), null);
});

const job = (...files) => ({ figures: { files, measured: "2 frames: matches" } });

test("what became of the files is counted", () => {
   const { findings, warnings } = filesDone(job({ path: "/a.fits", clipped: 2 }, { path: "/b.fits", clipped: 0 },
      { path: "/c.fits", done_before: true }, { path: "/d.fits", problem: { detail: "It is cut short." } },
      { path: "/e.fits", problem: { detail: "e.fits is a table." } }));
   assert.deepEqual([...findings], ["2 files cleaned, 1 done before, 2 failed.", "2 frames: matches."]);
   assert.deepEqual([...warnings], ["d.fits: It is cut short.", "e.fits is a table.",
      "2 pixels reached the end of their range."]);
   assert.deepEqual([...filesDone({}).findings], ["0 files cleaned."]);
});

/** A workflow whose bridge answers `replies` in turn, or throws them; `sent` collects the requests. */
function workflow(notes, replies, yes) {
   const sent = [], asked = [];
   const client = { run(request) {
      sent.push(plain(request));
      const reply = replies.shift();
      if (reply instanceof Problem)
         throw reply;
      return reply;
   } };
   return { sent, asked, work: strict("workflow", {
      require: () => ({ notes }), ask: (question) => { asked.push(question); return yes; },
      ports: strict("ports", { connect: () => client })
   }) };
}
const choice = { files: ["/n/a.fits"], folder: "/out" };

test("the bridge cleans the files by the factor's own work", () => {
   const { work, sent, asked } = workflow({ job: "j" }, [job({ path: "/n/a.fits" })], false);
   assert.equal(cleanFiles(work, { factor: "f" }, choice).findings[0], "1 file cleaned.");
   assert.deepEqual(sent, [{ operation: "apply", correction: "j", paths: ["/n/a.fits"], output: "/out", options: {} }]);
   assert.deepEqual(asked, []);
});

test("a refusal is overruled only by a yes", () => {
   const yes = workflow({ job: "j" }, [refusal("no", "filter"), job({ path: "/n/a.fits" })], true);
   cleanFiles(yes.work, { factor: "f" }, choice);
   assert.deepEqual(yes.sent.map(({ options }) => options), [{}, { force: true }]);
   const no = workflow({ job: "j" }, [refusal("no", "filter")], false);
   assert.throws(() => cleanFiles(no.work, { factor: "f" }, choice), run("Cancelled"));
   assert.equal(no.sent.length, 1);
   const other = workflow({ job: "j" }, [new Problem("gone", "not-found")], true);
   assert.throws(() => cleanFiles(other.work, { factor: "f" }, choice), { slug: "not-found" });
   assert.deepEqual(other.asked, []);
});

test("a factor from a file cannot clean files", () => {
   assert.throws(() => cleanFiles(workflow({}, [], true).work, { factor: "f" }, choice), { slug: "no-job" });
});
