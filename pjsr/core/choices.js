// What the dialog offers, given what is open.

const NEVER_A_SOURCE = ["mask", "seed_mask", "correction"];

/** Returns the views that can be analyzed: everything but FlatBridge's own masks and factors. */
function sourceChoices(views) {
   return views.filter((view) => view.notes === null || !NEVER_A_SOURCE.includes(view.notes.plane));
}

/** Returns the dust masks of the view `source`, newest last; one from a file if its size fits. */
function maskChoices(views, source) {
   const belongs = (view) => view.notes.source === undefined
      ? view.width === source.width && view.height === source.height
      : view.notes.source === source.id;
   return source === undefined ? []
      : views.filter((view) => view.notes !== null && view.notes.plane === "mask" && belongs(view));
}

/** Returns the dust factors that are open, newest last. */
function factorChoices(views) {
   return views.filter(isFactor);
}

/** Returns the id to select: `wanted` if it is offered, else the last one, likely ones before others, else "". */
function chosenId(choices, wanted, isLikely = () => true) {
   if (choices.some((view) => view.id === wanted))
      return wanted;
   const [last] = [...choices.filter(isLikely).reverse(), ...choices.slice().reverse()];
   return last === undefined ? "" : last.id;
}

/**
 * Returns the view to analyze when the dialog opens: that of the process icon, else the active one,
 * else the flat of a mask or factor that is active, else the first.
 */
function initialSource(views, activeId, storedId) {
   const sources = sourceChoices(views);
   const offered = (id) => sources.some((view) => view.id === id);
   const active = views.find((view) => view.id === activeId);
   const origin = active && active.notes !== null ? active.notes.source : undefined;
   const found = [storedId, activeId, origin].find(offered);
   return found || (sources.length > 0 ? sources[0].id : "");
}

/** Returns what to do first, given what is open; "" where the buttons say it all. */
function firstStep({ source, factor, target }) {
   if (source === "")
      return "Open a master flat and start FlatBridge again, or press Median for a video or frames in files.";
   if (factor === "")
      return "Press Run to find the dust in this flat.";
   return target === "" ? "Open an image to clean, then start FlatBridge again." : "";
}

/** Returns which buttons can be pressed. */
function possibleActions({ busy, source, mask, factor, target, options }) {
   return {
      run: !busy && source !== "",
      detect: !busy && source !== "",
      again: !busy && factor !== "" && canReroll(options),
      median: !busy,
      update: !busy && source !== "",
      correct: !busy && source !== "" && mask !== "",
      review: !busy && source !== "" && mask !== "",
      apply: !busy && factor !== "" && target !== "",
      several: !busy && factor !== "" && target !== "",
      master: !busy && factor !== "",
      files: !busy && factor !== "",
      cancel: busy
   };
}
