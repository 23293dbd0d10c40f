// The options of the dialog: one table for widgets, requests, settings and process icons.

/** A number that may also be "auto" has `auto: true`. */
const ENGINES = [["local", "On this computer"], ["gemini", "With Gemini (paid)"]];

const PARAMETERS = [
   {
      key: "detector", type: "choice", default: "local", label: "Find dust:", choices: ENGINES,
      help: "Who looks for the dust. Gemini is a service of Google: pictures of the flat are sent there, "
         + "and each costs money. You are asked before anything is sent."
   },
   {
      key: "inpainter", type: "choice", default: "local", label: "Reconstruct:", choices: ENGINES,
      help: "Who draws the flat without dust. What Gemini draws is fitted to the recorded pixels "
         + "around each shadow. You are asked before anything is sent."
   },
   {
      key: "threshold", type: "number", min: 2, max: 50, default: 6, digits: 1,
      label: "Threshold:", unit: "noise",
      help: "How far below its surroundings a spot must lie to count as dust, in units of the noise. "
         + "Lower it to find fainter dust; raise it where real structure is taken for dust."
   },
   {
      key: "bias", type: "number", min: 0, max: 4294967296, default: "auto", auto: true, digits: 6,
      label: "Bias:", unit: "ADU", advanced: true,
      help: "What of the flat is not light: a bias or black level that was not subtracted, in the flat's own "
         + "units. \"auto\" subtracts nothing and tells where that could matter; 0 says that there is none."
   },
   {
      key: "dilate", type: "number", min: 0, max: 200, default: "auto", auto: true, digits: 0,
      label: "Grow mask:", unit: "px", advanced: true,
      help: "How far the dust mask grows beyond the dust that was seen. "
         + "\"auto\" grows it as little as the measured shadows need."
   },
   {
      key: "feather", type: "number", min: 0, max: 100, default: "auto", auto: true, digits: 0,
      label: "Soften mask:", unit: "px", advanced: true,
      help: "How softly the dust mask ends. \"auto\" softens it as little as the measured shadows need."
   },
   {
      key: "verify", type: "choice", default: "strict", label: "Gemini's finds:", advanced: true,
      choices: [["strict", "What the pixels bear out"], ["loose", "Also what is darker"], ["off", "All"]],
      help: "What is kept of the dust that Gemini sees."
   },
   {
      key: "cfa", type: "choice", default: "auto", label: "Color mosaic:", advanced: true,
      choices: [["auto", "Recognize"], ["none", "No mosaic"], ["2x2", "Bayer mosaic"]],
      help: "Whether the flat is a Bayer mosaic that was not debayered. "
         + "Sites of different color are then never mixed."
   }
];

/** Returns the nearest value that parameter `p` allows; its default where `value` makes no sense. */
function clampedValue(p, value) {
   if (p.type === "choice")
      return p.choices.some(([word]) => word === value) ? value : p.default;
   if (p.auto && value === "auto")
      return value;
   const isText = typeof value === "string" && value.trim() !== "";
   const number = isText || typeof value === "number" ? Number(value) : NaN;
   if (!Number.isFinite(number))
      return p.default;
   const step = Math.pow(10, p.digits);
   return Math.min(p.max, Math.max(p.min, Math.round(number * step) / step));
}

/** Returns complete options from any mapping of numbers and texts, unknown keys dropped. */
function cleanOptions(values) {
   const options = {};
   for (const p of PARAMETERS)
      options[p.key] = clampedValue(p, (values || {})[p.key]);
   return options;
}

function defaultOptions() {
   return cleanOptions({});
}

/** Tells whether an engine that was chosen rolls dice, so that asking it again gives another answer. */
function canReroll({ detector, inpainter }) {
   return detector === "gemini" || inpainter === "gemini";
}

/** Tells whether a request sends pixels away and costs money. */
function isPaid(request) {
   const roles = request.operation === "detect" ? ["detector"] : request.mask ? ["inpainter"]
      : ["detector", "inpainter"];
   return roles.some((role) => (request.options || {})[role] === "gemini");
}

/** Returns the question before pictures are sent to a service that wants money. */
function estimateQuestion({ calls, cost, currency, prices_as_of }) {
   const pictures = calls === 1 ? "One picture" : "Up to " + calls + " pictures";
   return pictures + " of this flat will be sent to Google's Gemini service, for at most "
      + Number(cost).toFixed(2) + " " + currency + " (prices of " + prices_as_of + "). "
      + "Answers that came before cost nothing again. Go on?";
}

/**
 * Returns the options of a request for a roll of the dice, 0 being the first.
 *
 * A mask sent along has been grown and softened already: doing it again would change it.
 */
function requestOptions(options, withMask, roll = 0) {
   const request = cleanOptions(options);
   if (roll > 0)
      request.seed = roll;
   if (withMask) {
      delete request.dilate;
      delete request.feather;
   }
   return request;
}
