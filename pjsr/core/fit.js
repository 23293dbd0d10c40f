// Asking the bridge whether the dust is in an image before anything of it changes.

/** Returns a refusal with the way to overrule it. */
function overrulable(reason) {
   return reason + ". Nothing was changed; press Apply once more to divide all the same.";
}

/** Returns the question where the dust was divided out of `target` once too often. */
function staleQuestion(target, figures) {
   return "A flat with this dust was divided into " + target + " when the dust had gone (k = "
      + Number(figures.k).toFixed(2) + "): bright spots are left. Multiply by the dust factor to take them out?";
}

/** Returns the questions, each with what its "yes" means, where `target` is too faint to tell. */
function faintQuestions(target) {
   return [
      [target + " is too faint to tell whether this dust is in it. Is the dust still in this image?", "divide"],
      ["Has this flat already been divided into " + target + ", when the dust had gone?", "multiply"]
   ];
}

/** Returns what to do with the session's target, "divide" or "multiply", or "" where that is refused. */
function fitDirection(workflow, target, figures) {
   if (figures.verdict === "matches")
      return "divide";
   const questions = figures.verdict === "stale-flat" ? [[staleQuestion(target, figures), "multiply"]]
      : figures.verdict === "too-faint" ? faintQuestions(target) : [];
   const said = questions.find(([question]) => workflow.ask(question));
   if (said === undefined && questions.length > 0)
      throw new Cancelled;
   return said === undefined ? "" : said[1];
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
