import assert from "node:assert/strict";
import { test } from "node:test";
import { core, plain, strict } from "./load.mjs";

const run = core();

/** A client whose bridge is `answer(request)`; `sent` collects the requests. */
function client(answer, size = 10) {
   const sent = [];
   const ports = {
      http: strict("http", {
         send(request) {
            sent.push(request);
            const reply = answer(request, sent.length);
            return Array.isArray(reply) ? { status: reply[0], text: JSON.stringify(reply[1]), error: "" } : reply;
         }
      }),
      files: strict("files", {
         reader: () => ({
            size, closed: false, base64: (offset, count) => `${offset}+${Math.min(count, size - offset)}`, close() {}
         })
      }),
      clock: strict("clock", { sleep() {}, now: () => 0 }),
      ui: strict("ui", { stage() {} })
   };
   const Client = run("Client");
   return { client: new Client(ports, { url: "http://127.0.0.1:1", token: "t" }), sent };
}

const LOST = { status: 0, text: "", error: "reset" };
const opened = [201, { upload: "u", offset: 0, chunk_bytes: 4 }];

const offsetOf = (request) =>
   Number(request.headers.find((h) => h.startsWith("Upload-Offset: ")).split(" ")[1]);

/** A bridge that keeps count of what it got and answers 409 elsewhere. */
function uploads(size, held = 0, lose = () => false) {
   return (request, n) => {
      if (request.url.endsWith("/v1/uploads"))
         return opened;
      const offset = offsetOf(request);
      if (offset !== held)
         return [409, { title: "Offset", offset: held }];
      held = Math.min(size, held + 4);
      if (lose(n))
         return LOST;
      return [200, held === size ? { offset: held, frame: { id: "frame" } } : { offset: held }];
   };
}

test("a file goes out block by block", () => {
   const { client: c, sent } = client(uploads(10));
   assert.equal(c.upload("p", "Sending"), "frame");
   assert.deepEqual(sent.map((r) => r.body), ["{\"size\":10}", "0+4", "4+4", "8+2"]);
   assert.ok(sent.every((r) => r.headers.includes("Expect:")));
});

test("a frame the bridge holds already is not sent", () => {
   const { client: c, sent } = client(() => [200, { frame: { id: "held" } }]);
   assert.equal(c.upload("p", "Sending"), "held");
   assert.equal(sent.length, 1);
});

test("an upload goes on where the bridge says", () => {
   const { client: c, sent } = client(uploads(10, 4));
   assert.equal(c.upload("p", "Sending"), "frame");
   assert.deepEqual(sent.slice(1).map((r) => r.body), ["0+4", "4+4", "8+2"]);
});

test("a lost answer costs one block", () => {
   const { client: c, sent } = client(uploads(10, 0, (n) => n === 3));
   assert.equal(c.upload("p", "Sending"), "frame");
   assert.deepEqual(sent.slice(1).map((r) => r.body), ["0+4", "4+4", "4+4", "8+2"]);
});

test("a bridge that never moves on is given up", () => {
   const { client: c, sent } = client((r) => r.url.endsWith("/uploads") ? opened : LOST);
   assert.throws(() => c.upload("p", "Sending"), /does not answer/);
   assert.equal(sent.length, 5);
});

test("a refused block is told as the bridge tells it", () => {
   const { client: c } = client((r) => r.url.endsWith("/uploads") ? opened
      : [422, { type: "/problems/unreadable-image", detail: "Not FITS." }]);
   assert.throws(() => c.upload("p", "Sending"), /Not FITS\./);
});

test("a job is polled to its end, over lost answers", () => {
   const replies = [[202, { id: "j", state: "queued" }], LOST, [200, { id: "j", state: "running", stage: "detect" }],
      [200, { id: "j", state: "succeeded", results: {} }]];
   const { client: c, sent } = client(() => replies.shift());
   assert.equal(c.run({ operation: "detect" }).state, "succeeded");
   assert.deepEqual(sent.map((r) => r.url.slice(18)), ["/v1/jobs", ...Array(3).fill("/v1/jobs/j")]);
});

test("a cancel here cancels there", () => {
   const Cancelled = run("Cancelled");
   const { client: c, sent } = client((r, n) => {
      if (n === 2)
         throw new Cancelled;
      return [202, { id: "j", state: "running" }];
   });
   assert.throws(() => c.run({}), Cancelled);
   assert.equal(sent.at(-1).url, "http://127.0.0.1:1/v1/jobs/j/cancel");
   assert.equal(sent.at(-1).uncancellable, true);
});

test("a result that is not there is told", () => {
   const { client: c } = client(() => [200, {}]);
   assert.throws(() => c.download({ results: {} }, "mask", "p"), /no mask/);
});

/** A connection with a clock that only sleeping moves. */
function connection(texts, send, startDetached = () => 1, { found = [], chosen = "", file = "", answers = [], ...more } = {}) {
   let time = 0;
   const stages = [];
   const Connection = run("Connection");
   const ports = {
      files: strict("files", { readText: (path) => texts[path.split("/").pop()] ?? null, packageFile: () => file }),
      http: strict("http", { send }),
      processes: strict("processes", { startDetached, found: () => found, choose: () => chosen, ...more }),
      clock: strict("clock", { now: () => time, sleep: (ms) => { time += ms; } }),
      ui: strict("ui", { stage: (text) => stages.push(text), confirm: () => answers.shift() })
   };
   return { connection: new Connection(ports, "/state"), stages };
}

const server = JSON.stringify({ url: "http://127.0.0.1:5", token: "t" });
const launch = JSON.stringify({ python: "/p", args: ["-m", "bridge"] });
const healthy = { status: 200, text: JSON.stringify({ name: "flatbridge", version: "1", api: 1 }), error: "" };

test("a bridge that answers is used", () => {
   const { connection: c } = connection({ "server.json": server }, () => healthy);
   assert.deepEqual(plain(c.open()), { url: "http://127.0.0.1:5", token: "t" });
});

test("a bridge that is not there is started and waited for", () => {
   const texts = { "launch.json": launch };
   const started = [];
   let asked = 0;
   const { connection: c, stages } = connection(texts, () => ++asked > 2 ? healthy : LOST, (python, args) => {
      started.push([python, ...args]);
      texts["server.json"] = server;
   });
   assert.equal(c.open().token, "t");
   assert.deepEqual(started, [["/p", "-m", "bridge"]]);
   assert.equal(stages[0], "Looking for the bridge");
   assert.match(stages[1], /Starting the bridge, up to 45 s/);
});

test("what cannot be started is told in a sentence", () => {
   assert.throws(() => connection({}, () => LOST).connection.open(), /flatbridge install-script/);
   assert.throws(() => connection({ "launch.json": launch }, () => LOST).connection.open(), /after 45 seconds[^|]*terminal\.$/);
   const log = "a\n\nb\nc\nPort 5 cannot be used.\n";
   assert.throws(() => connection({ "launch.json": launch, "bridge.log": log }, () => LOST).connection.open(),
      /Its log ends: b \| c \| Port 5 cannot be used\.$/);
   assert.throws(() => connection({ "launch.json": launch }, () => LOST, () => { throw "no such file"; }).connection.open(),
      /\/p \(no such file\)/);
});

test("a program in a usual place is started where the bridge has not said, or said wrongly", () => {
   for (const known of [{}, { "launch.json": launch }]) {
      const texts = { ...known };
      const started = [];
      const start = (program, args) => {
         if (program !== "/b")
            throw "gone";
         started.push([program, ...args]);
         texts["server.json"] = server;
      };
      const { connection: c } = connection(texts, () => healthy, start, { found: ["/a", "/b", "/c"] });
      assert.equal(c.open().token, "t");
      assert.deepEqual(started, [["/b", "serve", "--port", "0"]]);
   }
});

/** Programs of a computer on which Python is old, or new, and pip fails or not. */
function computer(old, fails = "") {
   const ran = [];
   return { ran,
      pythons: () => ["/old", "/new"],
      existing: (paths) => paths.slice(0, 1),
      run(program, args) {
         ran.push([program, ...args]);
         const failed = args[0] === "-c" ? old.includes(program) : args[1] === fails;
         return { code: failed ? 1 : 0, output: "a\nb\nno such package\n" };
      }
   };
}

test("an environment is made with consent alone, by a Python that is new enough", () => {
   const texts = {};
   const started = [];
   const start = (program, args) => {
      started.push([program, ...args]);
      texts["server.json"] = server;
   };
   const { ran, ...programs } = computer(["/old"]);
   const { connection: c } = connection(texts, () => healthy, start, { file: "/s/f.whl", answers: [true], ...programs });
   assert.equal(c.open().token, "t");
   assert.deepEqual(ran.slice(2), [["/new", "-m", "venv", "--clear", "/state/python"],
      ["/state/python/bin/python", "-m", "pip", "install", "--disable-pip-version-check", "/s/f.whl"]]);
   assert.deepEqual(started, [["/state/python/bin/flatbridge", "serve", "--port", "0"]]);
   const no = computer([]);
   const refused = connection({}, () => LOST, () => 1, { file: "/s/f.whl", answers: [false], ...no });
   assert.throws(() => refused.connection.open(), /was not found/);
   assert.deepEqual(no.ran, []);
});

test("what keeps an environment from being made is told", () => {
   const open = (programs) => connection({}, () => LOST, () => 1, { file: "/f.whl", answers: [true], ...programs }).connection.open();
   assert.throws(() => open(computer(["/old", "/new"])), /No Python 3\.11 or newer/);
   assert.throws(() => open(computer([], "venv")), /private Python environment failed: b \| no such package/);
   assert.throws(() => open(computer([], "pip")), /Installing the bridge failed: b \| no such package/);
});

test("the user may say where the program is", () => {
   const texts = {};
   const { connection: c } = connection(texts, () => healthy, () => { texts["server.json"] = server; }, { chosen: "/mine" });
   assert.equal(c.open().token, "t");
});

test("usual places are whole paths, each once, on every platform", () => {
   const places = run("usualPrograms")("C:/Users/u", "flatbridge");
   assert.equal(new Set(places).size, places.length);
   assert.ok(places.every((path) => /^(C:)?\/.*\/flatbridge(\.exe)?$/.test(path)));
   assert.ok(places.includes("C:/Users/u/AppData/Local/Programs/Python/Python312/Scripts/flatbridge.exe"));
});

test("a bridge of another age is neither used nor started over", () => {
   const old = { status: 200, text: JSON.stringify({ name: "flatbridge", version: "0", api: 0 }), error: "" };
   const { connection: c } = connection({ "server.json": server, "launch.json": launch }, () => old,
      () => assert.fail("started"));
   assert.throws(() => c.open(), /update the bridge/);
});

test("the state folder follows the environment, else the home folder", () => {
   assert.equal(run("stateFolder")("", "/home/u"), "/home/u/.flatbridge");
   assert.equal(run("stateFolder")(undefined, "C:/Users/u"), "C:/Users/u/.flatbridge");
   assert.equal(run("stateFolder")("/elsewhere/", "/home/u"), "/elsewhere");
});
