// Asking the bridge whether the dust is in an image before anything of it changes.

/** Returns a refusal with the way to overrule it. */
function overrulable(reason) {
   return reason + ". Nothing was changed; press Apply once more to divide all the same.";
}

/**
 * Returns the questions that a verdict leaves about images, each with what its "yes" means; null for a verdict that
 * leaves none. `ks` are their figures.
 */
function fitQuestions(verdict, names, ks) {
   if (verdict === "stale-flat")
      return [["A flat with this dust was divided into " + names + " when the dust had gone (k = "
         + ks.map((k) => Number(k).toFixed(2)).join(", ") + "): bright spots are left. Multiply by the dust factor to "
         + "take them out?", "multiply"]];
   if (verdict === "too-faint")
      return [
         [names + ": too faint to tell whether this dust is there. Is the dust still in it?", "divide"],
         ["Has this flat already been divided into " + names + ", when the dust had gone?", "multiply"]
      ];
   return null;
}

/** Returns what to do with the session's target, "divide" or "multiply", or "" where that is refused. */
function fitDirection(workflow, target, { verdict, k }) {
   if (verdict === "matches")
      return "divide";
   const questions = fitQuestions(verdict, target, [k]);
   if (questions === null)
      return "";
   const said = questions.find(([question]) => workflow.ask(question));
   if (said === undefined)
      throw new Cancelled;
   return said[1];
}

/**
 * Applies the session's factor to its target as the dust in it wants; what speaks against that is
 * told once, and overruled by asking again for the same two.
 */
function applyMeasured(workflow, session) {
   const { target, factor } = session;
   const pair = target + "/" + factor;
   const overruled = session.refused === pair;
   session.refused = "";
   const refuse = (reason) => {
      session.refused = pair;
      throw new Problem(overrulable(reason), "target-refused");
   };
   const past = overruled ? "" : workflow.past(target, factor);
   if (past !== "")
      refuse(past);
   const figures = overruled ? null : workflow.fit(target, factor);
   const direction = figures === null ? "divide" : fitDirection(workflow, target, figures);
   if (direction === "")
      refuse(target + ": " + figures.words);
   const done = workflow.apply(target, factor, direction === "multiply");
   return figures === null ? done : { ...done, findings: ["Dust fit: " + figures.words + "."] };
}
