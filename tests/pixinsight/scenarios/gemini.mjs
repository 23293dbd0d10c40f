// Gemini is chosen and Run pressed; the question before anything is sent is answered as the test says.

import { close, idle, play } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   stage.open("flat");
   host.activate("flat");
   const told = { questions: [] };
   stage.run({
      *user(ui) {
         yield ui.dialog("FlatBridge");
         yield ui.choose({ label: "Find dust:" }, "With Gemini (paid)");
         yield* idle(ui, "asking for the engine");
         told.chosen = ui.texts();
         yield ui.click("Run");
         for (const answer of input.answers) {
            const box = yield ui.messageBox(/Google/);
            told.questions.push(box.text);
            yield ui.answer(answer);
         }
         yield* idle(ui, "Run");
         told.texts = ui.texts();
         yield* close(ui);
      }
   });
   if (stage.ids().includes("flat_dustfactor"))
      stage.keep("flat_dustfactor");
   return told;
});
