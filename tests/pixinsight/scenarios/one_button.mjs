// One button is pressed on a flat, with whatever the test set up around it; what is said then.

import { close, play, press } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   stage.open("flat");
   for (const [id, { width, height, keywords }] of Object.entries(input.windows || {}))
      host.newWindow({ id, width, height, keywords, samples: 0.5 });
   for (const { path, ...fault } of input.faults || [])
      host.faults.add({ path: new RegExp(path), message: "a fault of the test", ...fault });
   host.activate("flat");
   const before = stage.ids();
   const told = { before };
   stage.run({
      *user(ui) {
         yield ui.dialog("FlatBridge");
         const started = Date.now();
         told.texts = yield* press(ui, input.button);
         told.seconds = (Date.now() - started) / 1000;
         yield* close(ui);
      }
   });
   return told;
});
