// A large flat is run and a light cleaned; when each stage began and last moved.

import { close, play } from "./stage.mjs";

play((stage) => {
   const { host } = stage;
   stage.open("flat");
   stage.open("light");
   host.activate("flat");
   const seen = [];
   const now = () => Date.now() / 1000;
   stage.run({
      *user(ui) {
         const dialog = yield ui.dialog("FlatBridge");
         const watched = function*(button) {
            seen.push({ text: "pressed " + button, times: [now()] });
            yield ui.click(button);
            yield ui.until(() => {
               if (dialog.progress === null)
                  return true;
               const { text } = dialog.progress;
               if (seen[seen.length - 1].text !== text)
                  seen.push({ text, times: [] });
               seen[seen.length - 1].times.push(now());
               return false;
            }, { what: `the end of ${button}`, seconds: 3600 });
            seen.push({ text: "done " + button, times: [now()] });
         };
         yield* watched("Run");
         yield ui.choose({ label: "Apply to:" }, "light");
         yield* watched("Apply");
         yield* close(ui);
      }
   });
   return { seen, history: host.history("light").map(({ process }) => process) };
});
