// Names of windows, and the keywords by which a window remembers where it came from.

/** The planes that get a window each, in the order they open. */
const SUFFIXES = { mask: "_dustmask", correction: "_dustfactor", clean_flat: "_dustfree" };

const NOTE_KEYWORDS = {
   plane: ["FBPLANE", "FlatBridge: what this image is"],
   job: ["FBJOB", "FlatBridge: the work it came from"],
   frame: ["FBFRAME", "FlatBridge: the flat as it was sent"],
   source: ["FBSOURC", "FlatBridge: the flat's view"],
   roll: ["FBROLL", "FlatBridge: which roll of the dice"],
   scale: ["FBSCALE", "true factor = pixels x FBSCALE"]
};

/** Returns the nearest valid identifier: letters, digits and underscores, no digit in front. */
function validId(text) {
   const id = String(text).replace(/[^A-Za-z0-9_]/g, "_");
   return /^[A-Za-z_]/.test(id) ? id : "_" + id;
}

/** Returns the id to ask for; PixInsight adds a number where it is taken. */
function resultId(sourceId, plane) {
   return validId(sourceId) + SUFFIXES[plane];
}

/** Returns the keywords of a result window: those of its file, the notes replacing equal names. */
function notedKeywords(keywords, notes) {
   const names = Object.keys(NOTE_KEYWORDS).filter((key) => notes[key] !== undefined);
   const replaced = new Set(names.map((key) => NOTE_KEYWORDS[key][0]));
   const kept = keywords.filter((keyword) => !replaced.has(keyword.name));
   const added = names.map((key) => {
      const [name, comment] = NOTE_KEYWORDS[key];
      return { name, value: keywordValue(notes[key]), comment };
   });
   return kept.concat(added);
}

/** Numbers stand bare, texts between quotes, quotes doubled. */
function keywordValue(value) {
   if (typeof value === "number")
      return Number.isInteger(value) ? value + "." : String(value);
   return "'" + String(value).replaceAll("'", "''") + "'";
}

/** The value of a keyword as text: without quotes and padding. */
function bareValue(value) {
   const text = String(value).trim();
   if (text.length < 2 || !text.startsWith("'") || !text.endsWith("'"))
      return text;
   return text.slice(1, -1).replaceAll("''", "'").trim();
}

/**
 * Returns what a window's keywords say of its origin; null if it is not FlatBridge's.
 *
 * A file that FlatBridge's command wrote tells its plane and scale, but neither job nor source.
 */
function notesOf(keywords) {
   const notes = {};
   for (const [key, [name]] of Object.entries(NOTE_KEYWORDS)) {
      const keyword = keywords.find((k) => k.name === name);
      if (keyword)
         notes[key] = bareValue(keyword.value);
   }
   if (!notes.plane)
      return null;
   for (const key of ["scale", "roll"])
      if (notes[key] !== undefined)
         notes[key] = Number(notes[key]);
   return notes;
}
