// A video or frames in files as the flat: the bridge takes their median, which opens as a window.

/** Fewer frames leave what moves in their median. */
const FEWEST_IN_MEDIAN = 3;

const MEDIAN_FILTERS = [["Videos and frames", "*.ser", "*.fits", "*.fit", "*.fts", "*.xisf", "*.tif", "*.tiff"]];

function isVideo(path) {
   return /\.ser$/i.test(path);
}

/** Returns why these files make no median, as a sentence; "" where they do. */
function medianObstacle(paths) {
   if (paths.some(isVideo))
      return paths.length === 1 ? "" : "Choose one video alone, or frames.";
   return paths.length >= FEWEST_IN_MEDIAN ? "" : "Choose one SER video, or at least " + FEWEST_IN_MEDIAN
      + " frames: in the median of fewer, what moves stays.";
}

/** Returns the id to ask for: "C:/night/sun 1.ser" -> "sun_1_median". */
function medianId(path) {
   return validId(baseName(path).replace(/\.[^.]*$/, "")) + "_median";
}

/** Returns why a frame is no good for a median, by its keywords; "" if nothing speaks against it. */
function medianRefusal(name, keywords) {
   const step = lateStep(keywords);
   return step === "" ? "" : name + " " + step + ": dust stands still only in frames as the camera gave them";
}

/** Opens the median of a video or of frames; it is the flat from then on. */
function openMedian(workflow, paths) {
   const obstacle = medianObstacle(paths);
   if (obstacle !== "")
      throw new Problem(obstacle, "does-not-fit");
   const client = workflow.ports.connect();
   const job = client.run({ operation: "median", ...medianInput(workflow, client, paths) });
   workflow.ports.ui.stage("Fetching the results", 0);
   const loaded = workflow.fetch(client, job, "median");
   try {
      const id = workflow.ports.images.show(loaded, medianId(paths[0]),
         notedKeywords(loaded.keywords, { plane: "median", job: job.id }));
      workflow.ports.ui.say("opened " + id);
      return { median: id, findings: ["Median of " + counted(job.figures.frames, "frame") + ": this is the flat now."],
         warnings: jobWarnings(job) };
   } finally {
      loaded.free();
   }
}

/** A video is read by the bridge where it lies; frames are sent, turned as PixInsight shows them, their values as they are. */
function medianInput(workflow, client, paths) {
   if (isVideo(paths[0]))
      return { path: paths[0] };
   return { frames: paths.map((path, number) => sendFrame(workflow, client, path, medianRefusal,
      "Sending frame " + (number + 1) + " of " + paths.length, "ignore-out-of-range verbosity 0")) };
}
