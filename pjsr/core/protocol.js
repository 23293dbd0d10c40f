// The bridge's words: server file, requests, replies, jobs. No reply is trusted to be well-formed.

const API_VERSION = 1;

const STAGES = {
   queued: "Waiting for other work",
   read: "Reading the flat",
   detect: "Looking for dust",
   expand: "Drawing the dust mask",
   inpaint: "Reconstructing the flat without dust",
   match: "Matching levels",
   synthesise: "Computing the dust factor",
   median: "Taking the median of the frames",
   update: "Bringing the flat up to date",
   apply: "Cleaning the files",
   measure: "Measuring the shadows",
   write: "Storing the results"
};

/** Returns `{url, token}` from the text of server.json; null if there is nothing usable in it. */
function readServerFile(text) {
   const server = parsedJson(text);
   const usable = server !== null && typeof server.token === "string"
      && /^http:\/\/(127\.0\.0\.1|localhost):\d+\/?$/.test(server.url);
   return usable ? { url: server.url.replace(/\/$/, ""), token: server.token } : null;
}

/** Returns `{python, args}` from the text of launch.json; null if there is nothing usable in it. */
function readLaunchFile(text) {
   const launch = parsedJson(text);
   const usable = launch !== null && typeof launch.python === "string" && launch.python !== ""
      && Array.isArray(launch.args);
   return usable ? { python: launch.python, args: launch.args.map(String) } : null;
}

/**
 * Returns what a reply to GET /v1/health means: "ours", "silent" (nobody there, or another program
 * on the port of a bridge that has gone) or a sentence that says which side to update.
 */
function readHealth(reply) {
   const health = reply.status === 200 ? parsedJson(reply.text) : null;
   if (health === null || health.name !== "flatbridge")
      return "silent";
   if (health.api === API_VERSION)
      return "ours";
   return "The bridge that is running (version " + health.version + ") and this script do not fit "
      + "together: update " + (health.api > API_VERSION ? "this script." : "the bridge.");
}

/** An empty `Expect` keeps large bodies from waiting for a "100 Continue". */
function requestHeaders(token, type, extra = []) {
   return ["Authorization: Bearer " + token, "Content-Type: " + type, "Expect:"].concat(extra);
}

/** Returns the JSON of a good reply; throws the `Problem` a bad one tells. */
function readReply(reply) {
   const body = parsedJson(reply.text);
   if (reply.status >= 200 && reply.status < 300 && body !== null)
      return body;
   throw replyProblem(reply, body);
}

function replyProblem(reply, body = parsedJson(reply.text)) {
   if (reply.status === 0)
      return new Problem("The bridge does not answer"
         + (reply.error ? " (" + reply.error + ")" : "") + ". Try again: it will be started anew.",
         "unreachable");
   if (reply.status === 401)
      return new Problem("The bridge that answers belongs to another user or another state folder: "
         + "close it, then try again.", "unauthorized");
   if (body !== null && (body.detail || body.title))
      return toldProblem(body);
   return new Problem("The bridge gave an answer that cannot be understood (HTTP status "
      + reply.status + ").", "not-understood");
}

/** Returns a problem document as a `Problem`. */
function toldProblem(body) {
   const slug = String(body.type || "").split("/").pop();
   return new Problem(String(body.detail || body.title), slug, body);
}

/** Returns the frame id of an upload's reply, "" while bytes are missing. */
function frameOf(reply) {
   const frame = reply.frame;
   return frame ? String(frame.id || frame) : "";
}

function jobFinished(job) {
   return job.state === "succeeded" || job.state === "failed" || job.state === "cancelled";
}

/** Throws what a finished job that did not succeed has to say. */
function requireSuccess(job) {
   if (job.state === "cancelled")
      throw new Cancelled;
   if (job.state !== "succeeded")
      throw job.problem ? toldProblem(job.problem) : new Problem("The bridge could not do this.");
}

/** Returns what to show while a job runs. */
function jobProgress(job) {
   const stage = job.state === "queued" ? "queued" : job.stage;
   return {
      text: Object.hasOwn(STAGES, stage) ? STAGES[stage] : "Working",
      fraction: Math.min(1, Math.max(0, Number(job.progress) || 0))
   };
}

/** Returns how long to wait before asking for a job again, in ms. */
function pollDelay(job) {
   return Math.min(500, Math.max(20, Number(job.poll_after_ms) || 100));
}

/** Returns what a finished job found, as sentences. */
function jobFindings(job) {
   const figures = job.figures || {};
   const sentences = [];
   if (Array.isArray(figures.shadows)) {
      const left = figures.shadows.filter(({ corrected }) => corrected === false).length;
      const found = figures.shadows.length - left;
      sentences.push(found === 0 ? "No dust found." : "Found " + counted(found, "dust shadow") + ".");
      if (left > 0)
         sentences.push(counted(left, "possible shadow") + " left alone.");
   }
   if (figures.touched > 0)
      sentences.push("The dust mask covers " + (100 * figures.touched).toPrecision(2)
         + " % of the image.");
   return sentences;
}

/** Returns the warnings of a job as sentences. */
function jobWarnings(job) {
   return (job.warnings || []).map((warning) => String(warning.message));
}
