import assert from "node:assert/strict";
import { test } from "node:test";
import { core, coreFiles, coreText } from "./load.mjs";

for (const name of coreFiles()) {
   test(`${name} loads alone in an empty context`, () => {
      core([name]);
   });

   test(`${name} is safe for PixInsight's preprocessor`, () => {
      for (const line of coreText(name).split("\n")) {
         assert.doesNotMatch(line, /^\s*#/);
         assert.doesNotMatch(line, /\/\/.*\/\*/);
      }
   });
}
