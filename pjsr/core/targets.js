// Several open images cleaned at once: which ones are offered, asked about, and what became of each.

/** What is no picture of the sky, by its keyword or its name. */
const CALIBRATION = /bias|dark|flat|offset/i;
const CALIBRATION_NAME = /^_?(master|super)?_?(bias|dark|flat|offset)s?(_|\d|$)/i;

/** Returns "bias", "dark" or "flat" where an image is such a frame; "" where it is not. */
function calibrationKind(id, keywords) {
   const told = keywordText(keywords, "IMAGETYP");
   const [kind] = (told !== "" ? told.match(CALIBRATION) : id.match(CALIBRATION_NAME) && id.match(CALIBRATION)) || [""];
   return kind.toLowerCase();
}

/** Returns the images to offer for a factor, as `[{id, isWanted, note}]`: frames of calibration are not wanted at first. */
function targetRows(views, factor) {
   return applyTargets(views, factor).map(({ id, calibration }) => (
      { id, isWanted: calibration === "", note: calibration === "" ? "" : calibration + " frame" }
   ));
}

/** Measures images before any is changed: `[{id, verdict, k, words}]`; what cannot be looked at has a `problem`. */
function measuredTargets(workflow, factorId, ids) {
   return ids.map((id) => {
      try {
         const past = workflow.past(id, factorId);
         if (past !== "")
            return { id, verdict: "refused", words: past };
         const figures = workflow.fit(id, factorId);
         return figures === null ? { id, verdict: "matches", words: "" }
            : { id, verdict: figures.verdict, k: figures.k, words: id + ": " + figures.words };
      } catch (thrown) {
         if (!(thrown instanceof Problem))
            throw thrown;
         return { id, problem: thrown.message };
      }
   });
}

/** Returns what to do with images of one verdict: "divide", "multiply", or "" where the user says no. */
function sharedDirection(workflow, verdict, group) {
   if (verdict === "matches")
      return "divide";
   const names = group.map(({ id }) => id).join(", ");
   const questions = fitQuestions(verdict, names, group.map(({ k }) => k))
      || [[group.map(({ words }) => words).join(". ") + ". Divide all the same?", "divide"]];
   const said = questions.find(([question]) => workflow.ask(question));
   return said === undefined ? "" : said[1];
}

/** Returns the direction of each image by its id, after asking once for all that speaks against it in the same way. */
function directions(workflow, measured) {
   const kindOf = ({ verdict }) => fitQuestions(verdict, "", [0]) || verdict === "matches" ? verdict : "refused";
   const found = {};
   const todo = measured.filter(({ problem }) => problem === undefined);
   for (const kind of new Set(todo.map(kindOf))) {
      const group = todo.filter((one) => kindOf(one) === kind);
      const direction = sharedDirection(workflow, kind, group);
      group.forEach(({ id }) => { found[id] = direction; });
   }
   return found;
}

/** Cleans several images, each by an undoable step of its own; what fails does not stop the rest. */
function cleanOpen(workflow, { factor }, ids) {
   const { ui } = workflow.ports;
   const measured = measuredTargets(workflow, factor, ids);
   const found = directions(workflow, measured);
   const done = [], left = [], failed = [], warnings = [];
   for (const { id, problem, words } of measured)
      if (ui.cancelled())
         break;
      else if (found[id] === "")
         left.push(words);
      else
         try {
            if (problem !== undefined)
               throw new Problem(problem);
            warnings.push(...workflow.apply(id, factor, found[id] === "multiply").warnings.map((text) => id + ": " + text));
            done.push(id);
         } catch (thrown) {
            failed.push(id + ": " + thrownText(thrown));
            ui.warn(failed[failed.length - 1]);
         }
   return { findings: [cleanedText(ids.length, done.length, left.length, failed.length)],
      warnings: left.concat(failed.map((text) => text.replace(/\.?$/, ".")), warnings) };
}

/** "2 images cleaned, 1 left alone, 1 failed." */
function cleanedText(all, done, left, failed) {
   const parts = [counted(done, "image") + " cleaned"];
   for (const [count, words] of [[left, "left alone"], [failed, "failed"], [all - done - left - failed, "not reached"]])
      if (count > 0)
         parts.push(count + " " + words);
   return parts.join(", ") + (done > 0 ? "; one Undo each takes it back." : ".");
}
