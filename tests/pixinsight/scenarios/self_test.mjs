// SelfTest.js, from start to report.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { play } from "./stage.mjs";

play((stage) => {
   stage.open("flat");
   stage.run({}, "SelfTest.js");
   return { report: readFileSync(join(stage.folder, "home", "flatbridge-selftest.txt"), "utf8") };
});
