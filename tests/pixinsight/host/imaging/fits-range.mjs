// What PixInsight does to the values of a floating point FITS image while reading it.

/** Puts 0 for non-finite values and negative zeros, in place. */
const fixNonFinite = (plane) => {
   for (let i = 0; i < plane.length; ++i) {
      const value = plane[i];
      if (value === 0 || !(value - value === 0)) plane[i] = 0;
   }
};

const extremes = (planes) => {
   let low = Infinity, high = -Infinity;
   for (const plane of planes)
      for (let i = 0; i < plane.length; ++i) {
         if (plane[i] < low) low = plane[i];
         if (plane[i] > high) high = plane[i];
      }
   return [low, high];
};

const truncate = (plane, { lowerRange, upperRange }) => {
   for (let i = 0; i < plane.length; ++i)
      if (plane[i] < lowerRange) plane[i] = lowerRange;
      else if (plane[i] > upperRange) plane[i] = upperRange;
};

// Differences of samples are taken in the samples' own precision, the rest in double.
const rescale = (plane, low, high, { lowerRange, upperRange }) => {
   const round = plane instanceof Float32Array ? Math.fround : Number;
   const span = round(high - low);
   const unit = lowerRange === 0 && upperRange === 1;
   for (let i = 0; i < plane.length; ++i) {
      const part = round(plane[i] - low) / span;
      plane[i] = unit ? Math.min(Math.max(part, 0), 1) : part * (upperRange - lowerRange) + lowerRange;
   }
};

const normalise = (plane, { lowerRange, upperRange }) => {
   const span = upperRange - lowerRange;
   for (let i = 0; i < plane.length; ++i) plane[i] = Math.min(Math.max((plane[i] - lowerRange) / span, 0), 1);
};

/**
 * Applies the range policy to float planes, in place.
 *
 * `ask(low, high, settings)` opens the dialog of the Ask policies and gives `{ lowerRange, upperRange, fix }`, or null when
 * the user cancels. Returns what was done: 'cancelled', 'truncated', 'rescaled', 'out-of-range' (left so) or 'in-range'.
 */
export function applyRange(planes, settings, ask) {
   if (settings.fixNonFinite) planes.forEach(fixNonFinite);
   const [low, high] = extremes(planes);
   const isOut = (range) => low < range.lowerRange || high > range.upperRange;
   let range = settings;
   if (settings.asks && (settings.outOfRange === 'AskAlways' || settings.outOfRange === 'AskIfOut' && isOut(range))) {
      const answer = ask(low, high, settings);
      if (!answer) return 'cancelled';
      range = { ...settings, ...answer };
   }
   const out = isOut(range);
   if (range.fix === 'ignore') return out ? 'out-of-range' : 'in-range';
   if (out)
      for (const plane of planes)
         if (range.fix === 'truncate') truncate(plane, range);
         else rescale(plane, low, high, range);
   if (range.lowerRange !== 0 || range.upperRange !== 1) planes.forEach(plane => normalise(plane, range));
   return out ? `${range.fix}d` : 'in-range';
}
