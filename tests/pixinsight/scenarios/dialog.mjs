// The dialog itself: how it lies, what it remembers, what its small buttons do.

import { close, layoutFaults, play } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   for (const id of input.open)
      host.newWindow({ id, width: 40, height: 30, samples: 0.5 });
   if (input.open.length > 0)
      host.activate(input.open[0]);
   const told = { faults: [] };
   const look = (dialog, when) => told.faults.push(...layoutFaults(host, dialog).map((fault) => when + ": " + fault));
   const { icons } = stage.run({
      *user(ui) {
         const dialog = yield ui.dialog("FlatBridge");
         look(dialog, "at first");
         told.first = ui.texts();
         yield ui.check("More options", true);
         look(dialog, "opened");
         yield ui.setValue({ label: "Threshold:" }, 7.5);
         yield ui.setValue({ label: "Grow mask:" }, 12);
         yield ui.choose({ label: "Color mosaic:" }, "Bayer mosaic");
         yield ui.click({ toolTip: "Documentation" });
         yield ui.click({ toolTip: /process icon/ });
         yield* close(ui);
      }
   });
   told.browsed = host.browsed;
   stage.run({
      *user(ui) {
         yield ui.dialog("FlatBridge");
         yield ui.check("More options", true);
         told.remembered = ui.texts();
         yield ui.click({ toolTip: "Reset all options" });
         yield ui.tick();
         told.reset = ui.texts();
         yield* close(ui);
      }
   });
   host.runIcon(icons[0], {
      target: "global",
      *user(ui) {
         yield ui.dialog("FlatBridge");
         yield ui.check("More options", true);
         told.fromIcon = ui.texts();
         yield* close(ui);
      }
   });
   return told;
});
