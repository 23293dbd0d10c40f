// Order statistics and moments of plain arrays.

/** The k-th smallest (from 0) of an array, which is rearranged. */
export function select(values, k) {
   let low = 0, high = values.length - 1;
   while (low < high) {
      const pivot = values[(low + high) >> 1];
      let i = low, j = high;
      while (i <= j) {
         while (values[i] < pivot) ++i;
         while (values[j] > pivot) --j;
         if (i <= j) {
            const held = values[i];
            values[i++] = values[j];
            values[j--] = held;
         }
      }
      if (k <= j) high = j;
      else if (k >= i) low = i;
      else break;
   }
   return values[k];
}

/** Median; the mean of the middle two for an even count; 0 for nothing. Rearranges the array. */
export function medianOf(values) {
   const n = values.length;
   if (n === 0) return 0;
   const upper = select(values, n >> 1);
   if (n & 1) return upper;
   let lower = -Infinity;
   for (let i = 0; i < n >> 1; ++i) if (values[i] > lower) lower = values[i];
   return (lower + upper) / 2;
}

/** Median absolute deviation from a centre, not scaled to a sigma. */
export function madOf(values, center) {
   const deviations = new Float64Array(values.length);
   for (let i = 0; i < values.length; ++i) deviations[i] = Math.abs(values[i] - center);
   return medianOf(deviations);
}

/** Mean of absolute deviations from a centre. */
export function averageDeviation(values, center) {
   let sum = 0;
   for (let i = 0; i < values.length; ++i) sum += Math.abs(values[i] - center);
   return values.length ? sum / values.length : 0;
}

/** Count, extremes (with the places of the first of each), sum, mean, sum of squares and variance (n - 1). */
export function moments(values) {
   const n = values.length;
   let sum = 0, squares = 0, minimum = Infinity, maximum = -Infinity, minimumAt = 0, maximumAt = 0;
   for (let i = 0; i < n; ++i) {
      const value = values[i];
      sum += value;
      squares += value * value;
      if (value < minimum) { minimum = value; minimumAt = i; }
      if (value > maximum) { maximum = value; maximumAt = i; }
   }
   const mean = n ? sum / n : 0;
   let spread = 0;
   for (let i = 0; i < n; ++i) spread += (values[i] - mean) ** 2;
   return { n, sum, squares, mean, minimum, maximum, minimumAt, maximumAt, variance: n > 1 ? spread / (n - 1) : 0 };
}
