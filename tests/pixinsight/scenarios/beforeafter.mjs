// A chosen light in the preview, before and after; then the factor is applied to it.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { close, layoutFaults, play, press } from "./stage.mjs";

play((stage) => {
   const { host } = stage;
   ["flat", "masterBias", "M42"].forEach((name) => stage.open(name));
   host.activate("flat");
   const told = { faults: [], offered: [], shown: [] };
   stage.run({
      *user(ui) {
         const dialog = yield ui.dialog("FlatBridge");
         const { preview, chooser } = dialog.review;
         const offer = () => told.offered.push(...dialog.review.choices.map(({ plane, subject }) => subject + " " + plane));
         const see = (name) => {
            host.png(preview, join(stage.folder, name + ".png"));
            writeFileSync(join(stage.folder, name + ".html"), host.draw(dialog)); // to be looked at
            told.faults.push(...layoutFaults(host, dialog));
            told.shown.push(ui.text(chooser));
         };
         yield* press(ui, "Run");
         yield ui.tick();
         offer();
         yield ui.check("Tint dust", false);
         yield ui.choose({ toolTip: /What the preview shows/ }, "M42, as it is");
         yield ui.tick();
         see("before");
         yield ui.click("Blink");
         yield ui.tick();
         see("after");
         yield ui.click("Blink");
         yield ui.tick();
         see("again");
         yield* press(ui, "Apply");
         yield ui.choose({ toolTip: /What the preview shows/ }, "M42, as it is");
         yield ui.tick();
         see("applied");
         yield* close(ui);
      }
   });
   stage.keep("flat_dustfactor");
   return told;
});
