// Loads the script's core files into an empty context, as PixInsight's textual include would.

import { readFileSync, readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

// Another copy of the script may be named: one with a mistake, which a test must notice.
const { SCRIPT_UNDER_TEST } = process.env;
const SCRIPTS = SCRIPT_UNDER_TEST ? pathToFileURL(SCRIPT_UNDER_TEST + "/") : new URL("../../../pjsr/", import.meta.url);
const CORE = new URL("core/", SCRIPTS);

export const coreFiles = () => readdirSync(CORE).filter((name) => name.endsWith(".js"));

export const coreText = (name) => readFileSync(new URL(name, CORE), "utf8");

/** Returns a function that evaluates an expression where the named files (default all) are loaded. */
export function core(names = coreFiles()) {
   const context = vm.createContext(Object.create(null));
   for (const name of names)
      vm.runInContext(coreText(name), context, { filename: name });
   return (expression) => vm.runInContext(expression, context);
}

/** A copy whose arrays and objects belong to the test's realm, so that they can be compared. */
export const plain = (value) => JSON.parse(JSON.stringify(value));

/** An object that throws, naming itself, when something not stubbed is asked of it. */
export const strict = (name, members) => new Proxy(members, {
   get(target, key) {
      if (typeof key === "string" && !(key in target))
         throw new Error(`${name}.${key} was not stubbed`);
      return target[key];
   }
});
