import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { core, coreFiles } from "./load.mjs";

const SCRIPTS = new URL("../../../pjsr/", import.meta.url);
const REGEXP = /[(=,!?:]\s*\/(?![/*])((?:\\.|[^\\/\n])+)\/[a-z]*/g;

for (const name of coreFiles())
   test(`${name} loads alone in an empty context`, () => {
      core([name]);
   });

const scripts = readdirSync(SCRIPTS, { recursive: true }).filter((name) => name.endsWith(".js"));

// A simple scanner takes a quote or two slashes in a regular expression for the start of a text or a comment.
for (const name of scripts)
   test(`${name} is safe for PixInsight's preprocessor`, () => {
      const isEntry = !/[\\/]/.test(name);
      for (const line of readFileSync(new URL(name, SCRIPTS), "utf8").split("\n")) {
         if (!isEntry)
            assert.doesNotMatch(line, /^\s*#/);
         assert.doesNotMatch(line, /\/\/.*\/\*/);
         for (const [, pattern] of line.matchAll(REGEXP))
            assert.doesNotMatch(pattern, /['"`]|\/\/|\/\*/);
      }
   });
