// The dust-free flat as a master flat: a duplicate of the flat, divided, so that nothing it tells is lost.

/** Returns the id by which a stacking script knows a master flat: "flat_Ha" -> "masterFlat_flat_Ha_FB". */
function masterFlatId(sourceId) {
   return (/^masterFlat/.test(sourceId) ? "" : "masterFlat_") + sourceId + "_FB";
}

/** Returns the keywords of a flat as those of a master flat, FlatBridge's notes of its own windows left out. */
function masterFlatKeywords(keywords) {
   const own = Object.values(NOTE_KEYWORDS).map(([name]) => name);
   const type = { name: "IMAGETYP", value: "'Master Flat'", comment: "Type of image" };
   const kept = keywords.filter(({ name }) => !own.includes(name));
   return kept.some(({ name }) => name === type.name) ? kept.map((one) => one.name === type.name ? type : one)
      : kept.concat([type]);
}

/** Returns a path that ends as an XISF file's name does. */
function xisfPath(path) {
   return /\.xisf$/i.test(path) ? path : path + ".xisf";
}

/** Opens a duplicate of a factor's flat, divided by the factor. */
function openMasterFlat(workflow, { factor }) {
   const { images, ui } = workflow.ports;
   const { source } = workflow.require(factor).notes;
   if (!source)
      throw new Problem(factor + " does not tell from which flat it was made: press Run once more.", "no-source");
   const obstacle = applyObstacle(workflow.require(source), images.describe(factor));
   if (obstacle !== "")
      throw new Problem(obstacle, "does-not-fit");
   ui.stage("Copying " + source, 0);
   const { id, lost } = images.duplicate(source, masterFlatId(source), masterFlatKeywords(images.keywords(source)));
   try {
      workflow.calculate(id, applyExpression(images.describe(factor), images.extremes(source).saturated, false));
   } catch (thrown) {
      images.discard(id);
      throw thrown;
   }
   const warnings = lost.length === 0 ? [] : ["These properties could not be copied: " + lost.join(", ") + "."];
   return { findings: [savedMasterFlat(workflow.ports, id, source)], warnings };
}

/** Has the user choose a file for a master flat beside its flat and saves it there; returns what became of it. */
function savedMasterFlat({ images, files }, id, source) {
   const isUnsaved = id + " is your dust-free master flat, open but not saved";
   const chosen = files.chooseNew("Save the master flat (Cancel leaves it open)", images.folder(source), id + ".xisf");
   if (chosen === "")
      return isUnsaved + ": save it as " + id + ".xisf.";
   const path = xisfPath(chosen);
   if (files.exists(path))
      return isUnsaved + ": " + path + " exists already and was left as it is.";
   return images.saveWindow(id, path) ? "Your dust-free master flat is saved as " + path + "."
      : isUnsaved + ": " + path + " could not be written. Is the disk full, or the folder protected?";
}
