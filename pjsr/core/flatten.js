// A flat with its broad light divided out, so that half a percent of dust can be seen.

const STRIP_ROWS = 64;
const CELLS_ALONG = 24; // cells of the broad light along the longer side: wider than any shadow
const SMALLEST_CELL = 32;

/** Calls `work(samples, y, rows)` for strips of a rectangle, none of them large; `band` rows belong together. */
function forStrips(read, { x0, y0, x1, y1 }, band, work) {
   const rows = band * Math.max(1, Math.floor(STRIP_ROWS / band));
   for (let y = y0; y < y1; y += rows) {
      const bottom = Math.min(y1, y + rows);
      work(read({ x0, y0: y, x1, y1: bottom }), y, bottom - y);
   }
}

/** Returns the mean of planes of one size, pixel by pixel. */
function meanOf(planes) {
   const [first, ...others] = planes;
   return others.length === 0 ? first : first.map((value, i) =>
      others.reduce((sum, plane) => sum + plane[i], value) / planes.length);
}

/** Returns the mean of each block of `step` x `step` pixels; `sites` are the levels of the 2 x 2 mosaic sites. */
function blockMeans(read, rect, step, sites = [1, 1, 1, 1]) {
   const { x0, y0, x1, y1 } = rect;
   const width = x1 - x0;
   const columns = Math.ceil(width / step);
   const means = new Float32Array(columns * Math.ceil((y1 - y0) / step));
   forStrips(read, rect, step, (samples, top, rows) => {
      for (let row = 0; row < rows; ++row) {
         const y = top + row;
         const out = Math.floor((y - y0) / step) * columns;
         const tall = Math.min(step, y1 - y + (y - y0) % step);
         const [even, odd] = [x0 & 1, 1 - (x0 & 1)].map((side) => sites[2 * (y & 1) + side] * tall);
         let at = row * width;
         for (let column = 0; column < columns; ++column) {
            const wide = Math.min(step, width - column * step);
            let sum = 0;
            for (const end = at + wide; at < end; ++at)
               sum += samples[at] / ((at - row * width) & 1 ? odd : even);
            means[out + column] += sum / wide;
         }
      }
   });
   return means;
}

/**
 * Returns the broad light of an image: mean levels of the clean pixels in a coarse grid, and of the 2 x 2 mosaic
 * sites. `read(rect)` and `readMask(rect)` give samples; dust, as the mask tells, takes no part.
 */
function broadLight(read, readMask, width, height) {
   const cell = Math.max(SMALLEST_CELL, Math.max(width, height) / CELLS_ALONG);
   const columns = Math.max(1, Math.floor(width / cell));
   const rows = Math.max(1, Math.floor(height / cell));
   const [sums, counts, sumsX, sumsY] = [0, 1, 2, 3].map(() => new Float64Array(columns * rows));
   const siteSums = [0, 0, 0, 0], siteCounts = [0, 0, 0, 0];
   const cellOf = Int32Array.from({ length: width }, (_, x) => Math.floor(x * columns / width));
   forStrips(read, { x0: 0, y0: 0, x1: width, y1: height }, 2, (samples, top, count) => {
      const mask = readMask({ x0: 0, y0: top, x1: width, y1: top + count });
      for (let row = 0; row < count; ++row) {
         const first = Math.floor((top + row) * rows / height) * columns;
         const site = 2 * ((top + row) & 1);
         for (let x = 0, i = row * width; x < width; ++x, ++i)
            if (mask[i] === 0 && samples[i] > 0) {
               const cell = first + cellOf[x];
               sums[cell] += samples[i];
               sumsX[cell] += x;
               sumsY[cell] += top + row;
               ++counts[cell];
               siteSums[site + (x & 1)] += samples[i];
               ++siteCounts[site + (x & 1)];
            }
      }
   });
   const fullest = Math.max(...counts);
   const means = Array.from(sums, (sum, i) => counts[i] > fullest / 8 ? sum / counts[i] : NaN);
   const levels = filledIn(means, columns, rows).map((level, i, known) => {
      if (counts[i] <= fullest / 8)
         return level;
      // The clean pixels of a cell that is half dust lie to one side: its level is taken back to its middle.
      const offX = (sumsX[i] / counts[i] + 0.5) * columns / width - i % columns - 0.5;
      const offY = (sumsY[i] / counts[i] + 0.5) * rows / height - Math.floor(i / columns) - 0.5;
      const slope = slopeAt(known, columns, rows, i);
      return level - offX * slope.x - offY * slope.y;
   });
   const mean = siteSums.reduce((a, b) => a + b) / siteCounts.reduce((a, b) => a + b);
   const sites = siteSums.map((sum, i) => siteCounts[i] > 0 ? sum / siteCounts[i] / mean : 1);
   return { width, height, columns, rows, levels, sites };
}

/** Returns levels without gaps: each takes the mean of its known neighbours, ring after ring. */
function filledIn(levels, columns, rows) {
   if (levels.every(Number.isNaN))
      return levels.map(() => 1);
   while (levels.some(Number.isNaN)) {
      const known = levels;
      levels = known.map((level, i) => Number.isNaN(level) ? neighbourMean(known, columns, rows, i) : level);
   }
   return levels;
}

/** How much the levels rise from cell to cell. */
function slopeAt(levels, columns, rows, i) {
   const column = i % columns, row = Math.floor(i / columns);
   const rise = (before, after, cells) => cells === 0 ? 0 : (levels[after] - levels[before]) / cells;
   const [left, right] = [Math.max(0, column - 1), Math.min(columns - 1, column + 1)];
   const [above, below] = [Math.max(0, row - 1), Math.min(rows - 1, row + 1)];
   return {
      x: rise(row * columns + left, row * columns + right, right - left),
      y: rise(above * columns + column, below * columns + column, below - above)
   };
}

function neighbourMean(levels, columns, rows, i) {
   const found = [];
   for (let dy = -1; dy <= 1; ++dy)
      for (let dx = -1; dx <= 1; ++dx) {
         const x = i % columns + dx, y = Math.floor(i / columns) + dy;
         if (x >= 0 && x < columns && y >= 0 && y < rows && !Number.isNaN(levels[y * columns + x]))
            found.push(levels[y * columns + x]);
      }
   return found.length === 0 ? NaN : found.reduce((a, b) => a + b) / found.length;
}

/** Weights of the up to four cells around a place, in cells: a cubic through their middles, and on beyond the outer ones. */
function cellWeights(place, cells) {
   const count = Math.min(4, cells);
   const first = Math.min(cells - count, Math.max(0, Math.floor(place) - 1));
   const weights = Array.from({ length: count }, (_, i) => {
      let weight = 1;
      for (let j = 0; j < count; ++j)
         if (j !== i)
            weight *= (place - first - j) / (i - j);
      return weight;
   });
   return { first, weights };
}

/** Returns block means with the broad light divided out: 1 where the flat is as its surroundings. */
function flattened(read, rect, step, light) {
   const values = blockMeans(read, rect, step, light.sites);
   const middles = (from, to, size, cells) => Array.from({ length: Math.ceil((to - from) / step) },
      (_, i) => cellWeights(Math.min(size, from + (i + 0.5) * step) * cells / size - 0.5, cells));
   const across = middles(rect.x0, rect.x1, light.width, light.columns);
   const down = middles(rect.y0, rect.y1, light.height, light.rows);
   down.forEach((row, y) => {
      // The light along this row of blocks, cell by cell.
      const levels = Array.from({ length: light.columns }, (_, column) => row.weights.reduce(
         (sum, weight, j) => sum + weight * light.levels[(row.first + j) * light.columns + column], 0));
      across.forEach(({ first, weights }, x) => {
         let level = 0;
         for (let i = 0; i < weights.length; ++i)
            level += weights[i] * levels[first + i];
         values[y * across.length + x] /= level;
      });
   });
   return values;
}
