// Images in files: which ones, and what became of them. The bridge changes them: no window opens, no undo file grows.

const FILE_FILTERS = [["Images and videos", "*.fits", "*.fit", "*.fts", "*.xisf", "*.tif", "*.tiff", "*.ser"]];

/** "C:/night/a.fits" -> "a.fits". */
function baseName(path) {
   return path.slice(path.lastIndexOf("/") + 1);
}

/** Returns a list with more files at its end, none twice. */
function withFiles(files, more) {
   return files.concat(more.filter((path, i) => !files.includes(path) && more.indexOf(path) === i));
}

/** Returns why these files cannot go into this folder, as a sentence; "" where they can. */
function filesObstacle(files, folder) {
   if (files.length === 0)
      return "Add the images to clean.";
   if (folder === "")
      return "Choose the folder for the cleaned images.";
   const inside = files.find((path) => path === folder.replace(/\/$/, "") + "/" + baseName(path));
   if (inside !== undefined)
      return baseName(inside) + " lies in that folder itself: choose another, nothing is overwritten.";
   const names = files.map((path) => baseName(path).toLowerCase());
   const twice = names.find((name, i) => names.indexOf(name) !== i);
   return twice === undefined ? "" : "Two files are called " + twice + ": clean them apart.";
}

/** Returns the question that a refusal leaves, and the options of a yes; null where it was another failure. */
function overruling(thrown) {
   if (!(thrown instanceof Problem) || thrown.slug !== "target-refused")
      return null;
   if (thrown.members.rule === "stale-flat")
      return {
         question: "A flat with this dust was divided into these images when the dust had gone: bright spots are "
            + "left. Multiply by the dust factor to take them out?",
         options: { multiply: true }
      };
   const reason = thrown.message.replace(/[;,] --[a-z]+ [^.]*\.$/, ".");
   return { question: reason + " Divide all the same?", options: { force: true } };
}

/** Has the bridge write cleaned copies of files into a folder, by the session's factor; asks where that is refused. */
function cleanFiles(workflow, { factor }, { files, folder }) {
   const { notes } = workflow.require(factor);
   if (!notes.job)
      throw new Problem(factor + " does not tell which work it came from: press Run, then clean files with the "
         + "dust factor it opens.", "no-job");
   const client = workflow.ports.connect();
   const clean = (options) => client.run(
      { operation: "apply", correction: notes.job, paths: files, output: folder, options });
   try {
      return filesDone(clean({}));
   } catch (thrown) {
      const { question, options } = overruling(thrown) || {};
      if (question === undefined)
         throw thrown;
      if (!workflow.ask(question))
         throw new Cancelled;
      return filesDone(clean(options));
   }
}

/** Returns what became of the files of a job, in sentences. */
function filesDone(job) {
   const { files = [], measured } = job.figures || {};
   const failed = files.filter((file) => file.problem);
   const before = files.filter((file) => file.done_before).length;
   const done = files.length - failed.length - before;
   const parts = [counted(done, "file") + " cleaned"];
   if (before > 0)
      parts.push(before + " done before");
   if (failed.length > 0)
      parts.push(failed.length + " failed");
   const clipped = files.reduce((sum, file) => sum + (Number(file.clipped) || 0), 0);
   const warnings = failed.map(({ path, problem }) => {
      const { message } = toldProblem(problem);
      return message.includes(baseName(path)) ? message : baseName(path) + ": " + message;
   });
   if (clipped > 0)
      warnings.push(counted(clipped, "pixel") + " reached the end of their range.");
   return { findings: [parts.join(", ") + "."].concat(measured ? [measured + "."] : []), warnings };
}
