// What an image's keywords tell of its past and of how it was taken, before a factor changes it.

/** Steps after which a dust factor fits no longer, and how programs betray them; the first that fits is named. */
const LATE_STEPS = [
   ["was drizzled", /drizzle/],
   ["was stacked from several frames", /imageintegration|integration\.(numberofimages|rejection)|stacked|stacking/],
   ["was registered", /staralignment|\bregistered\b|registration|dynamicalign/],
   ["was stretched",
      /histogramtransformation|maskedstretch|arcsinhstretch|hyperbolicstretch|asinh|autostretch|curvestransformation/]
];

/** Keywords by which programs tell how many frames went into one. */
const FRAME_COUNTS = ["NCOMBINE", "STACKCNT", "NIMAGES", "NUMFRAME"];

/** With what an image was taken: the keywords that may tell, in words; dust of another setup is other dust. */
const SETUPS = [
   [["FILTER"], "filter"], [["INSTRUME"], "camera"], [["XBINNING"], "binning"], [["YBINNING"], "binning"],
   [["ROTATANG", "ROTATOR"], "rotator angle"], [["BAYERPAT"], "mosaic"],
   [["XBAYROFF"], "first column of the mosaic"], [["YBAYROFF"], "first row of the mosaic"]
];

/** Angles of a rotator that differ by less, in degrees, are the same. */
const SAME_ANGLE = 2;

/** Returns the value of a keyword without quotes and blanks; "" where there is none. */
function keywordText(keywords, name) {
   const found = keywords.find((keyword) => keyword.name === name);
   return found === undefined ? "" : String(found.value).replace(/^\x27|\x27$/g, "").trim();
}

/** Returns the step that an image's keywords tell of after which a factor fits no longer; "" if none. */
function lateStep(keywords) {
   const text = keywords.filter(({ name }) => name === "HISTORY" || name === "COMMENT")
      .map(({ value, comment }) => value + " " + comment).join("\n").toLowerCase();
   const step = LATE_STEPS.find(([, pattern]) => pattern.test(text));
   if (step !== undefined)
      return step[0];
   const stacked = /(master|integrat|stack).*light|light.*(master|integrat|stack)/i.test(keywordText(keywords, "IMAGETYP"))
      || FRAME_COUNTS.some((name) => Number(keywordText(keywords, name)) > 1);
   return stacked ? LATE_STEPS[1][0] : "";
}

/** True where two values of a fact are one: names in any spelling, angles within a tolerance. */
function sameSetup(words, ours, theirs) {
   const plain = (text) => text.toLowerCase().replace(/[^a-z0-9.]/g, "");
   const apart = Math.abs(Number(ours) - Number(theirs));
   if (!(apart >= 0))
      return plain(ours) === plain(theirs);
   if (words === "rotator angle")
      return Math.min(apart % 360, 360 - apart % 360) < SAME_ANGLE;
   return /mosaic/.test(words) ? apart % 2 === 0 : apart === 0;
}

/** Returns what differs in how a flat and an image were taken, in words; "" if nothing they both tell. */
function setupDifference(flat, image) {
   for (const [names, words] of SETUPS) {
      const [ours, theirs] = [flat, image].map(
         (keywords) => names.map((name) => keywordText(keywords, name)).find((text) => text !== "") || "");
      if (ours !== "" && theirs !== "" && !sameSetup(words, ours, theirs))
         return "tells of another " + words + " than the flat (" + theirs + ", not " + ours + ")";
   }
   return "";
}

/** Returns why a factor should not be applied to `target`, by its keywords and the flat's; "" if nothing speaks against it. */
function pastRefusal(target, image, flat) {
   const step = lateStep(image);
   if (step !== "")
      return target + " " + step + ": the dust factor stands after bias, dark and flat, before debayering, "
         + "registration and stacking";
   if (keywordText(image, "BAYERPAT").length > 4)
      return target + " is an X-Trans mosaic, which is not supported";
   const different = setupDifference(flat, image);
   return different === "" ? "" : target + " " + different + ": its dust may be another";
}
