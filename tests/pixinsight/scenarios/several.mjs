// Run; several open images ticked and cleaned at once, some of which fail.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { close, idle, layoutFaults, play, press } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   stage.open("flat");
   for (const [id, image] of Object.entries(input.open))
      stage.open(image, id, (input.more || {})[id]);
   host.newWindow({ id: "small", width: 20, height: 10 });
   host.activate("flat");
   const told = { questions: [], faults: [], lists: [] };
   stage.run({
      *user(ui) {
         const main = yield ui.dialog("FlatBridge");
         told.before = ui.enabled("Several...");
         yield* press(ui, "Run");
         yield ui.click("Several...");
         const dialog = yield ui.dialog("open images");
         told.lists.push(ui.text(dialog.table).split("\n"));
         told.faults.push(...layoutFaults(host, dialog));
         writeFileSync(join(stage.folder, "several.html"), host.draw(dialog)); // to be looked at
         yield ui.click("None");
         yield ui.tick();
         told.none = [ui.text(dialog.note), ui.enabled(dialog.goButton)];
         yield ui.click("All");
         for (const id of input.untick || [])
            yield ui.checkNode(dialog.table, id, false);
         yield ui.tick();
         told.note = ui.text(dialog.note);
         yield ui.click("Clean");
         for (const answer of input.answers || []) {
            const box = yield ui.messageBox(/\?/, { seconds: 40 });
            told.questions.push(box.text);
            yield ui.answer(answer);
         }
         if (input.closed) {
            yield ui.until(() => main.progress !== null && main.progress.text.startsWith("Applying"), { what: "applying", seconds: 40 });
            host.windowById(input.closed).forceClose();
         }
         if (input.cancelAt) {
            yield ui.until(() => main.progress !== null && main.progress.text.endsWith(input.cancelAt), { what: "that image", seconds: 40 });
            yield ui.click("Cancel");
         }
         yield ui.until(() => main.progress === null, { what: "the images", seconds: 60 });
         yield* idle(ui, "the images");
         told.status = ui.text(main.status);
         yield* close(ui);
      }
   });
   const open = Object.keys(input.open).filter((id) => host.windowById(id) !== null);
   told.histories = Object.fromEntries(open.map((id) => [id, host.history(id).map(({ process, undoable }) => undoable ? process : process + " for good")]));
   open.forEach((id) => stage.keep(id));
   stage.keep("flat_dustfactor");
   return told;
});
