// Detect; close; paint in the mask, or not; perhaps the bridge ends; start again; Correct.

import { close, play, press } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   stage.open("flat");
   host.activate("flat");
   const texts = [];
   stage.run({
      *user(ui) {
         yield ui.dialog("FlatBridge");
         texts.push(yield* press(ui, "Detect"));
         yield* close(ui);
      }
   });
   const afterDetect = stage.ids();
   stage.keep("flat_dustmask", "mask_found");
   if (input.paint) {
      const { x: left, y: top, size } = input.paint;
      const inside = (x, y) => x >= left && x < left + size && y >= top && y < top + size;
      host.setSamples("flat_dustmask", (x, y, old) => inside(x, y) ? 1 : old);
   }
   stage.keep("flat_dustmask", "mask_sent");
   if (input.killBridge)
      process.kill(input.killBridge, "SIGKILL");
   host.activate(input.active || "flat_dustmask");
   stage.run({
      *user(ui) {
         yield ui.dialog("FlatBridge");
         texts.push(yield* press(ui, "Correct"));
         yield* close(ui);
      }
   });
   for (const id of stage.ids().filter((name) => /_dust(factor|free)$/.test(name)))
      stage.keep(id);
   return { texts, afterDetect, keywords: stage.keywords("flat_dustmask") };
});
