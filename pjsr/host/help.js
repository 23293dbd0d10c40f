// The help page: where PixInsight's documentation holds it, else the one beside the script.

function openDocumentation() {
   if (!Dialog.browseScriptDocumentation("FlatBridge"))
      Dialog.openBrowser(fileUri(SCRIPT_FOLDER + "/doc/FlatBridge.html"));
}
