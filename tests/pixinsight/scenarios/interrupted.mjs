// Run is pressed and, while it works, Cancel or the title bar's cross, or the flat is closed.

import { close, idle, play } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   stage.open("flat");
   host.activate("flat");
   const told = { enabledMeanwhile: null, seconds: 0 };
   const before = stage.ids();
   stage.run({
      *user(ui) {
         const dialog = yield ui.dialog("FlatBridge");
         yield ui.click("Run");
         yield ui.until(() => ui.texts().some((text) => text.startsWith(input.when)), { what: input.when, seconds: 30 });
         told.enabledMeanwhile = ["Run", "Detect", "Correct", "Apply", "Close", "Cancel"].filter((name) => ui.enabled(name));
         const started = Date.now();
         yield ui.seconds(input.pause || 0); // by then a transfer is under way
         if (input.how === "close") {
            yield ui.close(dialog);
            return;
         }
         if (input.how === "closeSource")
            host.windowById("flat").forceClose();
         else
            yield ui.click("Cancel");
         yield* idle(ui);
         told.seconds = (Date.now() - started) / 1000;
         told.texts = ui.texts();
         yield* close(ui);
      }
   });
   return { ...told, before };
});
