// The flat comes from files, a video or frames: the median opens, is run, and cleans a light; a master flat is made.

import { close, idle, layoutFaults, play, press } from "./stage.mjs";

play((stage) => {
   const { host, input } = stage;
   const told = { status: [], faults: [] };
   const open = Object.keys(input.images);
   for (const name of open)
      stage.open(name, name, (input.more || {})[name]);
   for (const [id, values] of Object.entries(input.properties || {}))
      for (const [name, value] of Object.entries(values))
         host.view(id).setPropertyValue(name, value);
   if (open.length > 0)
      host.activate(open[0]);
   const { light = "" } = input;
   stage.run({
      *user(ui) {
         const dialog = yield ui.dialog("FlatBridge");
         const status = () => told.status.push(ui.text(dialog.status));
         for (const files of input.tries || []) {
            yield ui.click("Median...");
            yield ui.fileDialog("A video, or frames");
            yield ui.chooseFiles(files);
            yield* idle(ui, "the median");
            status();
         }
         told.source = dialog.session.source;
         told.faults.push(...layoutFaults(host, dialog));
         if (input.run !== false) {
            yield* press(ui, "Run");
            status();
         }
         if (light !== "") {
            yield ui.choose({ label: "Apply to:" }, light);
            yield* press(ui, "Apply");
            status();
         }
         for (const path of input.masters || []) {
            yield ui.click("Master flat");
            yield ui.fileDialog("Save the master flat", { seconds: 60 });
            yield path === "" ? ui.cancelFiles() : ui.chooseFiles([path]);
            yield* idle(ui, "the master flat");
            status();
         }
         yield* close(ui);
      }
   });
   told.keywords = Object.fromEntries(stage.ids().map((id) => [id, stage.keywords(id)]));
   told.formats = Object.fromEntries(stage.ids().map((id) => [id, host.windowById(id).bitsPerSample]));
   told.filePaths = Object.fromEntries(stage.ids().map((id) => [id, host.windowById(id).filePath]));
   told.properties = Object.fromEntries(stage.ids().map((id) => {
      const view = host.view(id);
      return [id, Object.fromEntries(view.properties.map((name) => [name, view.propertyValue(name)]))];
   }));
   told.histories = Object.fromEntries(stage.ids().map((id) => [id, host.history(id).map(({ process }) => process)]));
   stage.ids().forEach((id) => stage.keep(id));
   return told;
});
