import assert from "node:assert/strict";
import { test } from "node:test";
import { core, plain } from "./load.mjs";

const run = core();

test("anything thrown becomes text", () => {
   const text = run("thrownText");
   assert.equal(text("a plain string"), "a plain string");
   assert.equal(text(new Error("an error")), "an error");
   assert.equal(text(undefined), "undefined");
   assert.equal(text(null), "null");
});

test("requests are pure ASCII and mean the same", () => {
   const value = { id: "Größe ≥ 3 µm 🌑", list: [1, "\u2028"] };
   const text = run("asciiJson")(value);
   assert.match(text, /^[\x20-\x7e]*$/);
   assert.deepEqual(JSON.parse(text), value);
});

test("the console gets no tags", () => {
   assert.equal(run("plainForConsole")("a<b> & <raw>"), "a&lt;b&gt; &amp; &lt;raw&gt;");
});

test("times and counts read as a person writes them", () => {
   assert.equal(run("elapsedText")(75400), "1:15");
   assert.equal(run("elapsedText")(999), "0:00");
   assert.equal(run("counted")(1, "shadow"), "1 shadow");
   assert.equal(run("counted")(0, "shadow"), "0 shadows");
});

test("a path becomes an address on every platform", () => {
   assert.equal(run("fileUri")("/opt/a b/c#1.html"), "file:///opt/a%20b/c%231.html");
   assert.equal(run("fileUri")("C:/x/é.html"), "file:///C:/x/%C3%A9.html");
});

test("view ids are identifiers whatever the source is called", () => {
   const id = run("resultId");
   assert.equal(id("M31_flat", "mask"), "M31_flat_dustmask");
   assert.equal(id("3 nm-Hα", "correction"), "_3_nm_H__dustfactor");
   assert.equal(id("", "clean_flat"), "__dustfree");
});

test("notes survive being written as keywords", () => {
   const notes = { plane: "correction", job: "0123abcd", frame: "f'1", source: "flat", scale: 2 };
   const keywords = run("notedKeywords")([], notes);
   assert.deepEqual(plain(run("notesOf")(keywords)), notes);
});

test("notes replace older keywords of the same name and keep the others", () => {
   const file = [
      { name: "FBSCALE", value: "1.0", comment: "" }, { name: "HISTORY", value: "", comment: "FlatBridge" },
      { name: "FBFULL", value: "1.0", comment: "" }
   ];
   const keywords = plain(run("notedKeywords")(file, { plane: "correction", job: "1", scale: 4 }));
   assert.deepEqual(keywords.map((k) => k.name), ["HISTORY", "FBFULL", "FBPLANE", "FBJOB", "FBSCALE"]);
   assert.equal(keywords.at(-1).value, "4.");
});

test("a missing note leaves the file's keyword alone", () => {
   const file = [{ name: "FBSCALE", value: "2.0", comment: "" }];
   const keywords = plain(run("notedKeywords")(file, { plane: "correction", scale: undefined }));
   assert.deepEqual(keywords[0], file[0]);
});

test("windows of other origin have no notes", () => {
   assert.equal(run("notesOf")([]), null);
   assert.equal(run("notesOf")([{ name: "FBSCALE", value: "2.0" }]), null);
});
