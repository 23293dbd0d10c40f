import assert from "node:assert/strict";
import { test } from "node:test";
import { core, plain } from "./load.mjs";

const run = core();

const thrown = (action) => {
   try {
      action();
   } catch (error) {
      return error;
   }
   return assert.fail("nothing was thrown");
};

test("a server file is believed only if it names this computer", () => {
   const read = (value) => run("readServerFile")(typeof value === "string" ? value : JSON.stringify(value));
   assert.deepEqual(plain(read({ url: "http://127.0.0.1:7625", token: "t", pid: 1 })),
      { url: "http://127.0.0.1:7625", token: "t" });
   assert.equal(read({ url: "http://127.0.0.1:7625/", token: "t" }).url, "http://127.0.0.1:7625");
   for (const bad of ["", "{", "null", "[]", { url: "http://127.0.0.1:1" }, { url: "https://example.org:1", token: "t" },
      { url: "http://127.0.0.1:80@example.org", token: "t" }, { url: "http://example.org:7625", token: "t" },
      { url: "http://127.0.0.1.example.org:7625", token: "t" }, { url: 3, token: "t" }])
      assert.equal(read(bad), null, JSON.stringify(bad));
});

test("a launch file needs an interpreter and arguments", () => {
   const read = (value) => run("readLaunchFile")(JSON.stringify(value));
   assert.deepEqual(plain(read({ python: "/usr/bin/python3", args: ["-m", "bridge", "serve", "--port", 0] })),
      { python: "/usr/bin/python3", args: ["-m", "bridge", "serve", "--port", "0"] });
   for (const bad of [null, {}, { python: "" , args: [] }, { python: "p" }, { python: "p", args: "-m" }])
      assert.equal(read(bad), null);
});

test("health tells ours from silence and from another age", () => {
   const read = (status, body) => run("readHealth")({ status, text: JSON.stringify(body) });
   assert.equal(read(200, { name: "flatbridge", version: "1.0", api: 1 }), "ours");
   assert.equal(read(200, { name: "other", api: 1 }), "silent");
   assert.equal(read(404, { name: "flatbridge", api: 1 }), "silent");
   assert.equal(run("readHealth")({ status: 0, text: "" }), "silent");
   assert.match(read(200, { name: "flatbridge", version: "9.0", api: 2 }), /9\.0.*update this script/);
   assert.match(read(200, { name: "flatbridge", version: "0.1", api: 0 }), /update the bridge/);
});

test("headers hold the token, the type and an empty Expect", () => {
   assert.deepEqual(plain(run("requestHeaders")("t", "text/plain", ["Upload-Offset: 3"])),
      ["Authorization: Bearer t", "Content-Type: text/plain", "Expect:", "Upload-Offset: 3"]);
});

test("a problem document becomes its sentence", () => {
   const text = JSON.stringify({ type: "/problems/mask-geometry", title: "Title", status: 422, detail: "It is 4 x 4." });
   const problem = thrown(() => run("readReply")({ status: 422, text }));
   assert.equal(problem.message, "It is 4 x 4.");
   assert.equal(problem.slug, "mask-geometry");
});

test("whatever else comes back is a sentence too", () => {
   const told = (reply) => thrown(() => run("readReply")(reply)).message;
   assert.match(told({ status: 0, text: "", error: "refused" }), /does not answer \(refused\)/);
   assert.match(told({ status: 500, text: "<html>", error: "" }), /cannot be understood \(HTTP status 500\)/);
   assert.match(told({ status: 200, text: "<html>", error: "" }), /cannot be understood/);
   assert.equal(told({ status: 429, text: "{\"title\": \"Too many\"}" }), "Too many");
   assert.match(told({ status: 401, text: "{\"title\": \"No token\"}" }), /another state folder/);
});

test("a frame may come whole or as its id", () => {
   assert.equal(run("frameOf")({ frame: { id: "a" } }), "a");
   assert.equal(run("frameOf")({ frame: "a" }), "a");
   assert.equal(run("frameOf")({ offset: 3 }), "");
});

test("job states", () => {
   const finished = run("jobFinished");
   assert.deepEqual(["queued", "running", "succeeded", "failed", "cancelled"].map((state) => finished({ state })),
      [false, false, true, true, true]);
   const require = run("requireSuccess");
   require({ state: "succeeded" });
   assert.equal(thrown(() => require({ state: "cancelled" })).message, "Cancelled.");
   const failed = thrown(() => require({ state: "failed", problem: { type: "/problems/interrupted", detail: "Again." } }));
   assert.deepEqual([failed.message, failed.slug], ["Again.", "interrupted"]);
   assert.match(thrown(() => require({ state: "failed" })).message, /could not/);
});

test("progress and delays stay within bounds whatever a job says", () => {
   const progress = (job) => plain(run("jobProgress")(job));
   assert.deepEqual(progress({ state: "running", stage: "detect", progress: 0.25 }),
      { text: "Looking for dust", fraction: 0.25 });
   assert.deepEqual(progress({ state: "running", stage: "new one", progress: 7 }), { text: "Working", fraction: 1 });
   assert.deepEqual(progress({ state: "queued" }), { text: "Waiting for other work", fraction: 0 });
   const delay = run("pollDelay");
   assert.deepEqual([{}, { poll_after_ms: 0 }, { poll_after_ms: 250 }, { poll_after_ms: 1e9 }].map((job) => delay(job)),
      [100, 100, 250, 500]);
});

test("findings and warnings read as sentences", () => {
   const findings = (figures) => plain(run("jobFindings")({ figures }));
   assert.deepEqual(findings({ shadows: [{}, {}], touched: 0.01234 }),
      ["Found 2 dust shadows.", "The dust mask covers 1.2 % of the image."]);
   assert.deepEqual(findings({ shadows: [], touched: 0 }), ["No dust found."]);
   const [yes, no] = [{ corrected: true }, { corrected: false }];
   assert.deepEqual(findings({ shadows: [yes, no, no], touched: 0 }), ["Found 1 dust shadow.", "2 possible shadows left alone."]);
   assert.deepEqual(findings({ shadows: [no], touched: 0 }), ["No dust found.", "1 possible shadow left alone."]);
   assert.deepEqual(findings(null), []);
   assert.deepEqual(plain(run("jobWarnings")({ warnings: [{ code: "c", message: "m", count: 1 }] })), ["m"]);
});
