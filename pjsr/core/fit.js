// Asking the bridge whether the dust is in an image before anything of it changes.

/** Returns why a factor should not be divided into `target`, as a sentence; "" where it may. */
function fitRefusal(target, figures) {
   if (figures.verdict === "matches" || figures.verdict === "too-faint")
      return "";
   return target + ": " + figures.words + ". Nothing was changed; press Apply once more to divide all the same.";
}

/**
 * Divides the session's target by its factor if the dust is in it; what speaks against that is told
 * once, and overruled by asking again for the same two.
 */
function applyMeasured(workflow, session) {
   const { target, factor } = session;
   const pair = target + "/" + factor;
   const overruled = session.refused === pair;
   session.refused = "";
   const figures = overruled ? null : workflow.fit(target, factor);
   const refusal = figures === null ? "" : fitRefusal(target, figures);
   if (refusal !== "") {
      session.refused = pair;
      throw new Problem(refusal, "target-refused");
   }
   const done = workflow.apply(target, factor);
   return figures === null ? done : { ...done, findings: ["Dust fit: " + figures.words + "."] };
}
