// The triangle makes an icon; the icon is dropped on a light; perhaps its factor's window was closed meanwhile.

import { close, play, press } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   stage.open("flat");
   host.activate("flat");
   const { icons } = stage.run({
      *user(ui) {
         const dialog = yield ui.dialog("FlatBridge");
         if (!input.empty)
            yield* press(ui, "Run");
         yield ui.mouse(dialog.instanceButton, "press", 5, 5);
         yield* close(ui);
      }
   });
   stage.open("light");
   if (input.preview)
      host.windowById("light").createPreview(3, 3, 20, 20, "Preview01");
   if (input.factorClosed)
      host.windowById("flat_dustfactor").forceClose();
   const dropped = host.runIcon(icons[0], {
      target: input.preview ? "light->Preview01" : "light", expectError: true,
      *user(ui) {
         const when = input.closeWhen || input.abortWhen;
         if (!when)
            return;
         yield ui.until(() => host.consoleText.includes(when), { what: when });
         if (input.abortWhen)
            yield ui.pressAbort();
         else
            host.windowById("light").forceClose();
      }
   });
   const open = stage.ids().includes("light");
   if (open)
      stage.keep("light", "applied");
   const factor = stage.ids().find((name) => name === "flat_dustfactor");
   if (factor)
      stage.keep(factor);
   const error = dropped.error ? String(dropped.error.message || dropped.error) : null;
   return { keywords: factor && stage.keywords(factor), error, history: open ? host.history("light") : [] };
});
