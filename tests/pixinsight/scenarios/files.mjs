// Run; files added, removed, sent off; what the bridge asks is answered.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { close, idle, layoutFaults, play, press } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   stage.open("flat");
   host.activate("flat");
   const told = { notes: [], status: [], questions: [], faults: [] };
   stage.run({
      *user(ui) {
         const main = yield ui.dialog("FlatBridge");
         told.before = ui.enabled("Files...");
         yield* press(ui, "Run");
         for (const round of input.rounds) {
            yield ui.click("Files...");
            const dialog = yield ui.dialog("clean files");
            told.notes.push(ui.text(dialog.note));
            if (round.add) {
               yield ui.click("Add...");
               yield ui.fileDialog("Images to clean");
               yield ui.chooseFiles(round.add);
            }
            if (round.folder) {
               yield ui.click("Choose...");
               yield ui.fileDialog("Folder");
               yield ui.chooseFiles([round.folder]);
            }
            for (const name of round.remove || []) {
               yield ui.chooseNode(dialog.table, name);
               yield ui.click("Remove");
            }
            yield ui.tick();
            told.notes.push(ui.text(dialog.note));
            writeFileSync(join(stage.folder, "files.html"), host.draw(dialog)); // to be looked at
            told.faults.push(...layoutFaults(host, dialog));
            if (!ui.enabled("Clean")) {
               yield ui.click(dialog.cancelButton);
               yield* idle(ui, "the choice");
               continue;
            }
            yield ui.click("Clean");
            for (const answer of round.answers || []) {
               const box = yield ui.messageBox(/\?/, { seconds: 40 });
               told.questions.push(box.text);
               yield ui.answer(answer);
            }
            yield ui.until(() => main.progress === null, { what: "the files", seconds: 60 });
            yield* idle(ui, "the files");
            told.status.push(ui.text(main.status));
         }
         yield* close(ui);
      }
   });
   return told;
});
