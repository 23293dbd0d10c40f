// Run; the preview looked at from all sides; shadows left out and taken back; Correct.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { close, idle, layoutFaults, play, press } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   stage.open("flat");
   host.activate("flat");
   const told = { texts: [], rows: [], numbers: [], zooms: [], points: [], faults: [] };
   const look = (dialog, name) => {
      told.faults.push(...layoutFaults(host, dialog).map((fault) => name + ": " + fault));
      writeFileSync(join(stage.folder, name + ".html"), host.draw(dialog)); // to be looked at
   };
   stage.run({
      *user(ui) {
         const dialog = yield ui.dialog("FlatBridge");
         const { preview, table } = dialog.review;
         told.closedWidth = dialog.width;
         const see = function*(name) {
            yield ui.tick();
            host.png(preview, join(stage.folder, name + ".png"));
            told.numbers.push(host.texts(preview).map(({ text }) => text));
            told.zooms.push(dialog.review.zoomLabel.text);
            look(dialog, name);
         };
         const rows = () => ui.text(table).split("\n");
         told.texts.push(yield* press(ui, input.first || "Run"));
         told.openWidth = dialog.width;
         told.rows.push(rows());
         yield* see("whole");
         yield ui.mouse(preview, "move", 200, 150);
         told.points.push(dialog.review.point.text);
         for (const span of ["\u00b11 %", "\u00b110 %"]) {
            yield ui.choose({ toolTip: /How far from 1/ }, span);
            yield* see("span" + span.replace(/\D/g, ""));
         }
         yield ui.choose({ toolTip: /How far from 1/ }, "\u00b13 %");
         yield ui.chooseNode(table, "1 | ");
         yield* see("jumped");
         yield ui.wheel(preview, 100, 100, 120);
         yield* see("closer");
         yield ui.drag(preview, [[200, 150], [180, 140]]);
         yield* see("dragged");
         yield ui.click("1:1");
         yield ui.click("Whole");
         yield ui.check("Tint dust", false);
         yield* see("untinted");
         yield ui.check("Tint dust", true);
         if (input.first !== "Detect") {
            yield ui.choose({ toolTip: /What the preview shows/ }, "Dust factor");
            yield* see("factor");
         }
         stage.keep("flat_dustmask", "mask_found");
         for (const text of input.leaveOut)
            yield ui.checkNode(table, text, false);
         yield ui.tick();
         told.rows.push(rows());
         yield* see("left_out");
         stage.keep("flat_dustmask", "mask_left");
         told.texts.push(yield* press(ui, "Correct"));
         told.rows.push(rows());
         yield* see("corrected");
         yield ui.check("Preview and list of shadows", false);
         yield ui.tick();
         told.hiddenWidth = dialog.width;
         yield* close(ui);
      }
   });
   told.maskHistory = host.history("flat_dustmask").map(({ process, undoable }) => undoable ? process : process + " for good");
   stage.ids().filter((id) => /_dustfactor/.test(id)).forEach((id) => stage.keep(id));
   host.activate("flat_dustmask");
   stage.run({
      *user(ui) {
         const dialog = yield ui.dialog("FlatBridge");
         yield ui.check("Preview and list of shadows", true);
         yield* idle(ui, "the preview");
         told.rows.push(ui.text(dialog.review.table).split("\n"));
         for (const text of input.leaveOut)
            yield ui.checkNode(dialog.review.table, text, true);
         yield ui.tick();
         yield* close(ui);
      }
   });
   stage.keep("flat_dustmask", "mask_back");
   return told;
});
