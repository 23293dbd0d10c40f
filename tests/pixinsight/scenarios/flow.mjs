// The whole way: a flat (or a median), Detect, a shadow left out, Correct, several lights cleaned, Undo.

import { close, idle, layoutFaults, play } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   for (const { path, ...fault } of input.faults || [])
      host.faults.add({ path: new RegExp(path), message: "a fault of the test", ...fault });
   for (const id of input.taken || [])
      host.newWindow({ id, width: 4, height: 4 });
   const lights = Object.keys(input.images).filter((name) => name.startsWith("light"));
   for (const name of lights)
      stage.open(name);
   if (input.masked)
      cover(host, input.masked);
   if (input.images.flat) {
      stage.open("flat");
      host.activate("flat");
   }
   const told = { status: [], faults: [], questions: [] };
   stage.run({
      *user(ui) {
         const dialog = yield ui.dialog("FlatBridge");
         const done = function*(button, work) {
            yield input.twice ? ui.doubleClick(button) : ui.click(button);
            if (work)
               yield* work();
            yield ui.until(() => dialog.progress === null, { what: `the end of ${button}`, seconds: 60 });
            yield* idle(ui, button);
            told.status.push(ui.text(dialog.status));
         };
         if (input.median)
            yield* done("Median...", function*() {
               yield ui.fileDialog("A video, or frames");
               yield ui.chooseFiles(input.median);
            });
         yield* done("Detect");
         const { source } = dialog.session;
         told.mask = dialog.session.mask;
         told.painted = painted(host, told.mask, input.paint);
         yield ui.checkNode(dialog.review.table, "1 | ", false);
         yield ui.tick();
         yield* done("Correct");
         told.factor = dialog.session.factor;
         yield* done("Several...", function*() {
            const list = yield ui.dialog("open images");
            told.listed = ui.text(list.table).split("\n").slice(1);
            yield ui.click("Clean");
            if (input.closed) {
               yield ui.until(() => dialog.progress !== null, { what: "the work", seconds: 20 });
               host.windowById(input.closed).forceClose();
            }
         });
         yield* done("Master flat", function*() {
            yield ui.fileDialog("Save the master flat", { seconds: 60 });
            yield ui.cancelFiles();
         });
         told.source = source;
         told.faults.push(...layoutFaults(host, dialog));
         yield* close(ui);
      }
   });
   told.histories = Object.fromEntries(lights.filter((id) => host.windowById(id)).map((id) => [id, host.history(id).map(({ process, stray }) => [process, stray])]));
   stage.ids().filter((id) => host.windowById(id).width > 4).forEach((id) => stage.keep(id));
   if (input.masked)
      told.maskEnabled = host.windowById(input.masked).maskEnabled;
   for (const id of Object.keys(told.histories))
      if (host.undo(id))
         stage.keep(id, id + "_undone");
   return told;
});

/** The user paints a square of dust by hand while the dialog is shown; false where the windows are locked. */
function painted(host, id, square) {
   if (!square)
      return null;
   const { x: left, y: top, size } = square;
   try {
      host.setSamples(id, (x, y, old) => x >= left && x < left + size && y >= top && y < top + size ? 1 : old);
      return true;
   } catch (error) {
      if (!/locked/.test(error.message))
         throw error;
      return false;
   }
}

/** Gives a window an enabled black mask: nothing may be changed through it. */
function cover(host, id) {
   const window = host.windowById(id);
   host.newWindow({ id: "cover", width: window.width, height: window.height, keywords: [["IMAGETYP", "'Master Dark'", ""]], samples: 0 });
   window.setMask(host.windowById("cover"));
   window.maskEnabled = true;
}
