// A stale flat is brought up to date by frames from files, looked at, and taken back by Undo.

import { close, idle, play } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   stage.open("flat", "flat", input.flat);
   host.activate("flat");
   const texts = [], questions = [];
   const run = stage.run({
      *user(ui) {
         yield ui.dialog("FlatBridge");
         for (let turn = 0; turn < (input.turns || 1); ++turn) {
            yield ui.click("Update...");
            yield ui.fileDialog("Frames that flat was divided into");
            yield ui.chooseFiles(input.frames);
            for (const answer of turn === 0 ? input.answers || [] : []) {
               questions.push((yield ui.messageBox(/all the same/, { seconds: 40 })).text);
               yield ui.answer(answer);
            }
            yield* idle(ui, "Update");
            texts.push(ui.texts());
         }
         yield* close(ui);
      }
   });
   stage.keep("flat", "updated");
   const told = { error: run.error, texts, questions, history: host.history("flat"), keywords: stage.keywords("flat") };
   if (told.history.length > 0) {
      stage.keep("flat_dustchange");
      host.undo("flat");
      stage.keep("flat", "undone");
   }
   return told;
});
