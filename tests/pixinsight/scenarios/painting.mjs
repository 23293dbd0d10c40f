// Run; circles drawn into the mask and out of it in the preview, taken back; before and after; Correct.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { close, idle, layoutFaults, play, press } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   stage.open("flat");
   host.activate("flat");
   const told = { rows: [], faults: [], shown: [], undo: [], status: [] };
   stage.run({
      *user(ui) {
         const dialog = yield ui.dialog("FlatBridge");
         const { preview, table } = dialog.review;
         const keepRows = () => told.rows.push(ui.text(table).split("\n"));
         const see = (name) => {
            host.png(preview, join(stage.folder, name + ".png"));
            writeFileSync(join(stage.folder, name + ".html"), host.draw(dialog)); // to be looked at
            told.faults.push(...layoutFaults(host, dialog));
            told.shown.push(ui.text(dialog.review.chooser));
         };
         const circle = function*(brush, { x, y, radius }) {
            yield ui.choose({ toolTip: /What the mouse does/ }, brush);
            const at = preview.viewport.toScreen(x, y);
            const edge = preview.viewport.toScreen(x + radius, y);
            yield ui.drag(preview, [[at.x, at.y], [edge.x, edge.y]]);
            yield ui.tick();
         };
         yield* press(ui, "Run");
         yield ui.tick();
         told.undo.push(ui.enabled("Undo"));
         stage.keep("flat_dustmask", "mask_found");
         const { x: column, y: line } = input.erase;
         const { x: left, y: top } = preview.viewport.toScreen(column + 0.5, line + 0.5);
         yield ui.mouse(preview, "move", left, top);
         told.point = dialog.review.point.text;
         yield* circle("Add dust", input.add);
         stage.keep("flat_dustmask", "mask_added");
         told.undo.push(ui.enabled("Undo"));
         see("added");
         yield* circle("Erase", input.erase);
         stage.keep("flat_dustmask", "mask_erased");
         keepRows();
         yield ui.click("Undo");
         yield ui.tick();
         stage.keep("flat_dustmask", "mask_undone");
         keepRows();
         yield* circle("Erase", input.erase);
         yield* circle("Erase", { x: input.add.x, y: -40, radius: 3 });
         yield ui.choose({ toolTip: /What the mouse does/ }, "Move");
         stage.keep("flat_dustmask", "mask_sent");
         yield ui.check("Tint dust", false);
         see("before");
         yield ui.click("Blink");
         yield ui.tick();
         see("after");
         yield ui.mouse(preview, "press", 20, 20);
         yield ui.mouse(preview, "release", 20, 20);
         yield ui.press("B");
         yield ui.tick();
         see("before_again");
         yield* press(ui, "Correct");
         told.status.push(ui.text(dialog.status));
         keepRows();
         if (input.killBridge) {
            process.kill(input.killBridge, "SIGKILL");
            yield ui.checkNode(table, "2 | ", false);
            yield ui.tick();
            yield* circle("Add dust", input.add);
            yield ui.click("Blink");
            yield ui.tick();
            see("without_bridge");
            told.status.push(ui.text(dialog.status));
            keepRows();
            stage.keep("flat_dustmask", "mask_without_bridge");
            yield* press(ui, "Correct");
            told.status.push(ui.text(dialog.status));
            keepRows();
         }
         if (input.ending === "close") {
            host.userClose("flat_dustmask");
            yield ui.click({ text: "Undo" });
            yield ui.tick();
            told.status.push(ui.text(dialog.status));
            yield ui.chooseNode(table, "2 | ");
            yield ui.tick();
            told.status.push(ui.text(dialog.status));
            yield* press(ui, "Correct");
            told.status.push(ui.text(dialog.status));
         }
         yield* close(ui);
      }
   });
   const factors = stage.ids().filter((id) => /_dustfactor/.test(id));
   factors.forEach((id) => stage.keep(id));
   return told;
});
