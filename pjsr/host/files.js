// Files: temporary ones, and those by which the bridge is found.

const Files = {
   stateFolder() {
      return stateFolder(System.getEnvironmentVariable("FLATBRIDGE_HOME"), File.homeDirectory);
   },

   /** The text of a file; null if it cannot be read. */
   readText(path) {
      try {
         return File.exists(path) ? File.readFile(path).utf8ToString() : null;
      } catch (_) {
         return null;
      }
   },

   /** The name of a file without its folder. */
   name(path) {
      return File.extractName(path) + File.extractExtension(path);
   },

   /** The bridge's package beside the script, the newest by name; "" if there is none. */
   packageFile() {
      const found = File.searchDirectory(SCRIPT_FOLDER + "/flatbridge-*.whl");
      return found.length > 0 ? Array.from(found).sort().pop() : "";
   },

   /** Has the user show where a program is; "" if that was cancelled. */
   chooseProgram(name) {
      const chooser = new OpenFileDialog;
      chooser.caption = "Where is the program " + name + "?";
      return chooser.execute() ? chooser.fileName : "";
   },

   exists(path) {
      return File.exists(path);
   },

   /** Has the user name a new file, in `folder` if that is not ""; "" if that was cancelled. Nothing is overwritten. */
   chooseNew(caption, folder, name) {
      const chooser = new SaveFileDialog;
      chooser.caption = caption;
      chooser.initialPath = folder === "" ? name : folder + "/" + name;
      chooser.filters = [["XISF Files", "*.xisf"]];
      chooser.overwritePrompt = false;
      return chooser.execute() ? chooser.fileName : "";
   },

   temporary() {
      const random = () => Math.floor(Math.random() * 0x100000000).toString(36);
      let path;
      do
         path = File.systemTempDirectory + "/flatbridge_" + random() + random() + ".fits";
      while (File.exists(path));
      return path;
   },

   remove(path) {
      try {
         if (File.exists(path))
            File.remove(path);
      } catch (thrown) {
         console.warningln(plainForConsole("Could not remove " + path + ": " + thrownText(thrown)));
      }
   },

   /** Reads a file block by block, so that none is held whole. */
   reader(path) {
      const file = new File;
      file.openForReading(path);
      const size = file.size;
      return {
         size,
         base64(offset, count) {
            file.seek(offset, SeekMode.FromBegin);
            return file.read(DataType.ByteArray, Math.min(count, size - offset)).toBase64();
         },
         close: () => file.close()
      };
   }
};
