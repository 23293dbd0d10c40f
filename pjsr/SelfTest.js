#engine v8
#feature-id FlatBridgeSelfTest : Utilities > FlatBridge self-test
#feature-icon FlatBridge.svg
#feature-info Checks FlatBridge inside this PixInsight and writes a report file. Touches no open image.

CoreApplication.ensureMinimumVersion(1, 9, 4);

(function () {
"use strict";

const SCRIPT_FOLDER = File.extractDrive(#__FILE__) + File.extractDirectory(#__FILE__);

#include "core/text.js"
#include "core/parameters.js"
#include "core/naming.js"
#include "core/applying.js"
#include "core/choices.js"
#include "core/session.js"
#include "core/protocol.js"
#include "core/launching.js"
#include "core/environment.js"
#include "core/connection.js"
#include "core/client.js"
#include "core/workflow.js"
#include "core/history.js"
#include "core/fit.js"
#include "core/targets.js"
#include "core/updating.js"
#include "core/batch.js"
#include "core/median.js"
#include "core/masterflat.js"
#include "core/viewport.js"
#include "core/flatten.js"
#include "core/tones.js"
#include "core/shadows.js"
#include "core/painting.js"
#include "core/review.js"
#include "host/files.js"
#include "host/network.js"
#include "host/images.js"
#include "host/pixels.js"
#include "host/store.js"
#include "host/progress.js"
#include "host/widgets.js"
#include "host/options.js"
#include "host/preview.js"
#include "host/review.js"
#include "host/help.js"
#include "host/batch.js"
#include "host/targets.js"
#include "host/clean.js"
#include "host/dialog.js"
#include "host/checks.js"

/** Runs every check, prints and writes what came out. */
function main() {
   const lines = ["FlatBridge self-test, PixInsight " + [CoreApplication.versionMajor,
      CoreApplication.versionMinor, CoreApplication.versionRelease].join(".")];
   let failed = 0;
   const scratch = new Scratch;
   console.show();
   try {
      for (const [title, check] of CHECKS) {
         let line;
         try {
            line = "ok    " + title + ": " + check(scratch);
         } catch (thrown) {
            ++failed;
            line = "FAIL  " + title + ": " + thrownText(thrown);
         }
         lines.push(line);
         console.writeln(plainForConsole(line));
         CoreApplication.processEvents();
      }
   } finally {
      scratch.clear();
   }
   lines.push(failed === 0 ? "All is well." : counted(failed, "check") + " failed.");
   const report = File.homeDirectory + "/flatbridge-selftest.txt";
   File.writeTextFile(report, lines.join("\n") + "\n");
   console.noteln(plainForConsole(lines[lines.length - 1] + " Report: " + report));
}

main();
})();
