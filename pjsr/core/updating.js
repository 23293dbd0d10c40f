// A stale flat brought up to date by frames that it was divided into.

/** Frames; in fewer the stars stay. */
const FEWEST_FRAMES = 5;

/** Returns the id of the window that holds how a flat's dust has changed. */
function changeId(sourceId) {
   return validId(sourceId) + "_dustchange";
}

/** Returns why a flat should not be brought up to date by so many frames; "" if nothing speaks against it. */
function updateObstacle(sourceId, count, views) {
   if (count < FEWEST_FRAMES)
      return "Choose at least " + FEWEST_FRAMES + " frames, so that no star stays.";
   const done = views.find(({ notes }) => notes !== null && notes.plane === "change" && notes.source === sourceId);
   return done === undefined ? "" : sourceId + " was brought up to date by " + done.id
      + " already. Close that window if you took this back with Undo.";
}

/** Returns why a frame cannot tell of a flat's dust, by the keywords of both; "" if nothing speaks against it. */
function frameRefusal(name, frame, flat) {
   const past = pastRefusal(name, frame, flat);
   if (past !== "")
      return past;
   const text = frame.filter((keyword) => keyword.name === "HISTORY").map(({ value, comment }) => value + comment).join();
   const raw = /light/i.test(keywordText(frame, "IMAGETYP")) && !/calibrat|flat/i.test(text);
   return raw ? name + " looks raw: calibrate it with bias, dark and this flat first" : "";
}

/** Returns `refusal` so that the user may overrule it: asked at the first frame, for all of them. */
function overruled(workflow, refusal) {
   let isAgreed = false;
   return (name, frame) => {
      const why = isAgreed ? "" : refusal(name, frame);
      isAgreed = isAgreed || why !== "" && workflow.ask(why + ". Use the frames all the same?");
      return isAgreed ? "" : why;
   };
}

/**
 * Multiplies a flat by how its dust has changed, as frames in files show it; one Undo takes it back.
 * Every keyword and property of the flat stays.
 */
function updateFlat(workflow, sourceId, paths) {
   const { images, ui } = workflow.ports;
   const obstacle = updateObstacle(sourceId, paths.length, images.list());
   if (obstacle !== "")
      throw new Problem(obstacle, "does-not-fit");
   const keywords = images.keywords(workflow.require(sourceId).id);
   const client = workflow.ports.connect();
   const flat = workflow.send(client, sourceId, "Sending " + sourceId);
   const refusal = overruled(workflow, (name, frame) => frameRefusal(name, frame, keywords));
   const frames = paths.map((path, number) => sendFrame(workflow, client, path, refusal,
      "Sending frame " + (number + 1) + " of " + paths.length));
   const job = client.run({ operation: "update", flat, frames });
   const change = showChange(workflow, client, job, { frame: flat, source: sourceId });
   workflow.calculate(sourceId, applyExpression(workflow.require(change), images.extremes(sourceId).saturated, true));
   const { words, trust } = job.figures;
   ui.say(words + " " + trust);
   return {
      findings: [words, trust, "Save " + sourceId + " under a new name: it is your current master flat."],
      warnings: jobWarnings(job)
   };
}

/**
 * Sends a frame from a file as PixInsight reads it with `hints`; returns its id. `refusal(name, keywords)` tells why
 * it must not be used, "" where it may.
 */
function sendFrame(workflow, client, path, refusal, text, hints = "") {
   const { images, files, ui } = workflow.ports;
   ui.stage(text, 0);
   const loaded = images.load(path, hints);
   const temporary = files.temporary();
   try {
      const reason = refusal(files.name(path), loaded.keywords);
      if (reason !== "")
         throw new Problem(reason + ".", "target-refused");
      images.write(loaded.image, temporary);
      return client.upload(temporary, text);
   } finally {
      loaded.free();
      files.remove(temporary);
   }
}

/** Opens what the flat is to be multiplied by; returns its id. */
function showChange(workflow, client, job, origin) {
   const { images, ui } = workflow.ports;
   ui.stage("Fetching the results", 0);
   const loaded = workflow.fetch(client, job, "correction");
   try {
      const notes = { ...origin, plane: "change", job: job.id, scale: job.results.correction.scale };
      return images.show(loaded, changeId(origin.source), notedKeywords(loaded.keywords, notes));
   } finally {
      loaded.free();
   }
}
