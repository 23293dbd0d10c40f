// A flat is run, the factor applied to a light, the light's history looked at, Undo pressed.

import { close, idle, play, press } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   const light = input.images.light ? stage.open("light", "light", input.light) : null;
   if (input.clash)
      host.newWindow({ id: input.clash, width: 4, height: 4 });
   if (input.preview)
      host.newWindow({ id: "other", width: 4, height: 4 });
   stage.open("flat", "flat", input.flat);
   if (input.selected)
      host.windowById("flat").mainView.image.selectedRect = new host.globals.Rect(5, 5, 30, 20);
   if (input.mask)
      maskOut(stage, "light", input.mask);
   if (input.preview)
      host.windowById("flat").createPreview(3, 3, 20, 20, "Preview01");
   host.activate(input.preview ? "flat->Preview01" : "flat");
   const texts = [];
   const questions = [];
   const run = stage.run({
      *user(ui) {
         yield ui.dialog("FlatBridge");
         texts.push(yield* press(ui, "Run"));
         if (light) {
            yield ui.choose({ label: "Apply to:" }, "light");
            if (input.answers)
               yield* answered(ui, input.answers, questions);
            else
               texts.push(yield* press(ui, "Apply"));
            if (input.insist)
               texts.push(yield* press(ui, "Apply"));
         }
         yield* close(ui);
      }
   });
   const results = stage.ids().filter((id) => id.startsWith("flat_"));
   results.forEach((id) => stage.keep(id));
   stage.keep("flat", "flat_after");
   const told = {
      error: run.error, texts, questions, results,
      hidden: results.filter((id) => !host.windowById(id).visible),
      keywords: Object.fromEntries(results.map((id) => [id, stage.keywords(id)])),
      flatHistory: host.history("flat")
   };
   if (!light)
      return told;
   stage.keep("light", "applied");
   told.history = host.history("light");
   told.maskEnabled = host.windowById("light").maskEnabled;
   host.undo("light");
   stage.keep("light", "undone");
   return told;
});

/** Presses Apply and answers what is asked. */
function* answered(ui, answers, questions) {
   yield ui.click("Apply");
   for (const answer of answers) {
      const box = yield ui.messageBox(/dust/);
      questions.push(box.text);
      yield ui.answer(answer);
   }
   yield* idle(ui, "Apply");
}

/** Gives a window an enabled mask, black all over: nothing may be changed through it. */
function maskOut(stage, id, maskId) {
   const { host } = stage;
   const window = host.windowById(id);
   host.newWindow({ id: maskId, width: window.width, height: window.height, samples: 0 });
   window.setMask(host.windowById(maskId));
   window.maskEnabled = true;
}
