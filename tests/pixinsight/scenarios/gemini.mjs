// Gemini is chosen and Run pressed; the question before anything is sent is answered as the test says.

import { close, idle, play } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   stage.open("flat");
   host.activate("flat");
   const told = { questions: [] };
   stage.run({
      *user(ui) {
         const dialog = yield ui.dialog("FlatBridge");
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
         told.again = [ui.enabled("Again")];
         for (let roll = 0; roll < (input.again || 0); ++roll) {
            yield ui.click("Again");
            yield ui.messageBox(/Google/, { seconds: 40 });
            yield ui.answer("Yes");
            yield* idle(ui, "Again");
         }
         if (input.again) {
            yield ui.choose({ label: "Mask:" }, "flat_dustmask");
            yield* idle(ui, "the first roll");
            told.again.push(dialog.session.factor, ui.text(dialog.status));
            yield ui.choose({ label: "Find dust:" }, "On this computer");
            yield ui.tick();
            told.again.push(ui.enabled("Again"));
         }
         yield* close(ui);
      }
   });
   if (stage.ids().includes("flat_dustfactor"))
      stage.keep("flat_dustfactor");
   told.rolls = Object.fromEntries(stage.ids().filter((id) => id !== "flat").map((id) => [id, stage.keywords(id).FBROLL || null]));
   return told;
});
