// From values about 1 to colors.

/** The fixed scales of the preview: a shadow of a given depth looks the same in every flat. */
const SPANS = [0.01, 0.03, 0.1];

const DUST_TINT = [1, 0.45, 0.1];
const TINT_STRENGTH = 0.45;

/** Stops of the factor's colors: blue below 1, nearly black at 1, orange above; those of the report. */
const FACTOR_STOPS = [
   [-1, [238, 251, 255]], [-0.6, [112, 204, 250]], [-0.25, [40, 122, 208]], [-0.06, [26, 62, 116]], [0, [14, 17, 23]],
   [0.06, [98, 46, 26]], [0.25, [184, 80, 28]], [0.6, [248, 164, 66]], [1, [255, 246, 212]]
];

/** Gray: 1 in the middle, black and white at 1 -+ `span`. */
function grayTone(value, span) {
   const gray = Math.min(1, Math.max(0, 0.5 + (value - 1) / (2 * span))) || 0;
   return [gray, gray, gray];
}

/** Diverging colors about 1, which end at 1 -+ `span`. */
function factorTone(value, span) {
   const place = Math.min(1, Math.max(-1, (value - 1) / span)) || 0;
   const above = FACTOR_STOPS.findIndex(([at]) => at >= place);
   const [end, last] = FACTOR_STOPS[above];
   const [start, first] = FACTOR_STOPS[Math.max(0, above - 1)];
   const part = end > start ? (place - start) / (end - start) : 0;
   return last.map((color, i) => (first[i] + part * (color - first[i])) / 255);
}

/** Returns three planes in [0, 1]: values in their tone, dust tinted as far as `mask`, if given, tells. */
function colorPlanes(values, tone, span, mask = null) {
   const planes = [0, 1, 2].map(() => new Float32Array(values.length));
   for (let i = 0; i < values.length; ++i) {
      const color = tone(values[i], span);
      const tint = mask === null ? 0 : TINT_STRENGTH * mask[i];
      for (let c = 0; c < 3; ++c)
         planes[c][i] = color[c] + tint * (DUST_TINT[c] - color[c]);
   }
   return planes;
}

/** 0.03 -> "3 %". */
function percentText(share, digits) {
   return (100 * share).toFixed(digits) + " %";
}
