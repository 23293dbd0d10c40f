#engine v8
#feature-id FlatBridge : Utilities > FlatBridge
#feature-icon FlatBridge.svg
#feature-info Finds dust in a flat, computes the factor that removes it, and applies that factor to images.

CoreApplication.ensureMinimumVersion(1, 9, 4);

(function () {
"use strict";

const SCRIPT_FOLDER = File.extractDrive(#__FILE__) + File.extractDirectory(#__FILE__);

#include "core/text.js"
#include "core/parameters.js"
#include "core/naming.js"
#include "core/applying.js"
#include "core/choices.js"
#include "core/session.js"
#include "core/protocol.js"
#include "core/launching.js"
#include "core/environment.js"
#include "core/connection.js"
#include "core/client.js"
#include "core/workflow.js"
#include "core/history.js"
#include "core/fit.js"
#include "core/targets.js"
#include "core/updating.js"
#include "core/batch.js"
#include "core/median.js"
#include "core/masterflat.js"
#include "core/viewport.js"
#include "core/flatten.js"
#include "core/tones.js"
#include "core/shadows.js"
#include "core/painting.js"
#include "core/review.js"
#include "host/files.js"
#include "host/network.js"
#include "host/images.js"
#include "host/pixels.js"
#include "host/store.js"
#include "host/progress.js"
#include "host/widgets.js"
#include "host/options.js"
#include "host/preview.js"
#include "host/review.js"
#include "host/help.js"
#include "host/batch.js"
#include "host/targets.js"
#include "host/clean.js"
#include "host/dialog.js"

/** A process icon dropped on a view: applies the icon's dust factor, no dialog. */
function applyIcon(icon, target) {
   const progress = new ConsoleProgress;
   try {
      const workflow = new Workflow(workflowPorts(progress));
      workflow.applyStored(icon, target.isPreview ? target.window.mainView.id : target.id);
   } finally {
      progress.end();
   }
}

/** Started from the menu or from a process icon's own execute button: the dialog. */
function showDialog(icon) {
   const stored = Parameters.isGlobalTarget ? icon : { options: Store.loadOptions() };
   const session = new Session(() => Images.list(), stored, Images.activeId());
   new FlatBridgeDialog(session).execute();
   Store.saveOptions(session.options);
}

function main() {
   const icon = Store.loadIcon();
   if (Parameters.isViewTarget)
      applyIcon(icon, Parameters.targetView);
   else
      showDialog(icon);
}

main();
})();
