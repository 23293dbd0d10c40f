// What is looked at before a mask is used: its shadows, and the images to see them in.

/** What the preview can show: its label, whether its pixels are factors, and what Blink shows in its place. */
const REVIEW_VIEWS = {
   flat: { label: () => "Flat, light divided out", isFactor: false, other: "clean_flat" },
   correction: { label: () => "Dust factor", isFactor: true, other: "clean_flat" },
   clean_flat: { label: () => "Dust-free flat, light divided out", isFactor: false, other: "flat" },
   light: { label: (id) => id + ", as it is", isFactor: false, other: "clean_light" },
   clean_light: { label: (id) => id + ", divided by the factor", isFactor: false, other: "light" }
};

/**
 * Returns what can be shown of a source, as `[{plane, subject, id, scale}]`: the flat, its factor, the dust-free flat,
 * and each open image that the factor fits, as it is and divided by the factor. `id` is the image whose pixels are read; what a `factor`
 * comes with is divided by it; what is compared has one `subject`, whose light is divided out of both.
 */
function reviewChoices(views, sourceId, factorId) {
   const source = views.find((view) => view.id === sourceId);
   if (source === undefined)
      return [];
   const fits = (view) => view.notes !== null && view.notes.source === sourceId && view.width === source.width
      && view.height === source.height;
   const factor = views.find((view) => view.id === factorId && isFactor(view) && fits(view));
   const clean = factor && views.find((view) => fits(view) && view.notes.plane === "clean_flat"
      && view.notes.job === factor.notes.job);
   const own = [["flat", source], ["correction", factor], ["clean_flat", clean]]
      .filter(([, view]) => view !== undefined)
      .map(([plane, view]) => ({ plane, subject: sourceId, id: view.id, scale: plane === "correction" ? view.notes.scale : 1 }));
   const lights = factor === undefined ? [] : targetRows(views, factor)
      .filter(({ id, isWanted }) => isWanted && id !== sourceId)
      .flatMap(({ id }) => {
         const light = { plane: "light", subject: id, id, scale: 1 };
         const by = { id: factor.id, scale: factor.notes.scale };
         return [light, { ...light, plane: "clean_light", factor: by }];
      });
   return own.concat(lights);
}

/** Returns what the chooser calls a choice. */
function choiceText({ plane, subject }) {
   return REVIEW_VIEWS[plane].label(subject);
}

/** Returns what to compare a choice with: the same image after, or before; undefined if there is none. */
function otherChoice(choices, { plane, subject }) {
   return choices.find((choice) => choice.plane === REVIEW_VIEWS[plane].other && choice.subject === subject);
}

/**
 * Reads a mask's shadows from the bridge; none where the mask does not tell its work. `read(box)` gives samples of the
 * mask as its window shows it now.
 */
function reviewedShadows(workflow, maskId, factorId, read) {
   const { images, ui } = workflow.ports;
   const mask = workflow.require(maskId);
   if (!mask.notes.job)
      return [];
   const client = workflow.ports.connect();
   ui.stage("Fetching the shadows", 0);
   const job = (id) => client.get("/v1/jobs/" + encodeURIComponent(id));
   const own = job(mask.notes.job);
   const factor = factorId === "" ? null : images.describe(factorId);
   const isLater = factor !== null && isFactor(factor) && factor.notes.source === mask.notes.source
      && factor.notes.job && factor.notes.job !== mask.notes.job;
   const measured = isLater ? listedShadows(job(factor.notes.job)) : [];
   const loaded = workflow.fetch(client, own, "mask");
   try {
      const { width, height } = loaded.image;
      const pieces = maskPieces(images.samples(loaded), width, height);
      return joinedShadows(listedShadows(own), pieces, measured, (shadow) => pieceNear(read, shadow, width, height));
   } finally {
      loaded.free();
   }
}

/** Returns the shadows of a job whose places and sizes are numbers. */
function listedShadows(job) {
   const { shadows } = job.figures || {};
   return (Array.isArray(shadows) ? shadows : []).filter(
      ({ x, y, diameter }) => [x, y, diameter].every(Number.isFinite));
}

/** Returns the shadow that a pixel lies in, by its place and size; undefined if in none. */
function shadowAt(shadows, x, y) {
   return shadows.find((shadow) => Math.hypot(shadow.x - x, shadow.y - y) <= shadow.diameter / 2);
}

/** Returns what is known of a pixel: its value as shown, the factor if there is one, and how sure that is. */
function pointText(x, y, value, factor, shadow) {
   const parts = ["x " + x + ", y " + y + ": " + value.toFixed(4)];
   if (factor !== undefined) {
      const isSure = factor === 1 || shadow === undefined || !Number.isFinite(shadow.uncertainty);
      parts.push("factor " + factor.toFixed(4) + (isSure ? "" : " \u00b1 " + shadow.uncertainty.toFixed(4)));
   }
   return parts.join(", ");
}

/** The action that opens nothing new: what is chosen is looked at. */
function reviewOnly(_, { mask }) {
   return { findings: [], warnings: [], mask };
}
