// One button is pressed on a flat, with whatever the test set up around it; what is said then.

import { close, idle, play } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   stage.open("flat");
   for (const [id, { width, height, keywords }] of Object.entries(input.windows || {}))
      host.newWindow({ id, width, height, keywords, samples: 0.5 });
   for (const { path, ...fault } of input.faults || [])
      host.faults.add({ path: new RegExp(path), message: "a fault of the test", ...fault });
   host.activate("flat");
   const before = stage.ids();
   const told = { before, questions: [] };
   stage.run({
      *user(ui) {
         yield ui.dialog("FlatBridge");
         const started = Date.now();
         yield ui.click(input.button);
         for (const answer of input.answers || []) {
            const box = yield ui.messageBox(undefined, { seconds: 20 });
            told.questions.push(box.text);
            yield ui.answer(answer);
         }
         if (input.program) {
            yield ui.fileDialog("Where is the program flatbridge?");
            yield ui.chooseFiles(input.program);
         }
         yield* idle(ui, input.button);
         told.texts = ui.texts();
         told.seconds = (Date.now() - started) / 1000;
         yield* close(ui);
      }
   });
   return told;
});
