// The shadows of a dust mask: which pixels each one has, and taking it out of the mask or back in.

/**
 * Returns the pieces of a soft mask: `{x, y, box, at, values}`; the center of the pixels above 0.5, the box
 * around and the indices and values of all pixels, soft edge included. Corners touching count as connected.
 *
 * `values` is used up.
 */
function maskPieces(values, width, height) {
   const pieces = [];
   for (let i = 0; i < values.length; ++i)
      if (values[i] > 0.5) {
         const core = connected(values, width, height, i);
         pieces.push({ coreCount: core.length, taken: core, rim: core });
      }
   // Soft edges go to the piece that reaches them first, all growing at the same pace.
   while (pieces.some(({ rim }) => rim.length > 0))
      for (const piece of pieces) {
         piece.rim = ring(values, width, height, piece.rim);
         piece.taken = piece.taken.concat(piece.rim);
      }
   return pieces.map(({ coreCount, taken }) => pieceOf(coreCount, taken, width));
}

/** Takes the pixels above 0.5 that hang together with pixel `start`, each as [value, index]. */
function connected(values, width, height, start) {
   const taken = [];
   const todo = [start];
   while (todo.length > 0) {
      const i = todo.pop();
      if (!(values[i] > 0.5))
         continue;
      taken.push([values[i], i]);
      values[i] = 0;
      forNeighbours(i, width, height, (near) => todo.push(near));
   }
   return taken;
}

/** Takes the pixels above 0 that touch those in `rim`. */
function ring(values, width, height, rim) {
   const taken = [];
   for (const [, i] of rim)
      forNeighbours(i, width, height, (near) => {
         if (values[near] > 0) {
            taken.push([values[near], near]);
            values[near] = 0;
         }
      });
   return taken;
}

function forNeighbours(i, width, height, work) {
   const x = i % width, y = Math.floor(i / width);
   for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); ++row)
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); ++column)
         if (row !== y || column !== x)
            work(row * width + column);
}

function pieceOf(coreCount, taken, width) {
   const box = { x0: Infinity, y0: Infinity, x1: 0, y1: 0 };
   let weight = 0, sumX = 0, sumY = 0;
   taken.forEach(([value, index], n) => {
      const x = index % width, y = Math.floor(index / width);
      box.x0 = Math.min(box.x0, x);
      box.y0 = Math.min(box.y0, y);
      box.x1 = Math.max(box.x1, x + 1);
      box.y1 = Math.max(box.y1, y + 1);
      if (n < coreCount) {
         weight += value;
         sumX += value * x;
         sumY += value * y;
      }
   });
   return {
      x: sumX / weight, y: sumY / weight, box, coreCount,
      at: taken.map(([, index]) => (Math.floor(index / width) - box.y0) * (box.x1 - box.x0) + index % width - box.x0),
      values: taken.map(([value]) => value)
   };
}

/** Tells whether a piece is in a mask, of which `samples` are those in the piece's box: most of it, at least. */
function isIn({ at, coreCount }, samples) {
   return 2 * at.slice(0, coreCount).filter((i) => samples[i] > 0.5).length > coreCount;
}

/** Puts a piece into the samples of its box, or takes it out. */
function putPiece({ at, values }, samples, isWanted) {
   at.forEach((i, n) => {
      samples[i] = isWanted ? Math.max(samples[i], values[n]) : 0;
   });
}

/** Returns the nearest of `places` whose center is within `reach` px of a shadow's, undefined if none is. */
function nearest(places, { x, y }, reach) {
   const distance = (place) => Math.hypot(place.x - x, place.y - y);
   return places.filter((place) => distance(place) <= reach).sort((a, b) => distance(a) - distance(b))[0];
}

/**
 * Returns the shadows of a mask: those its own work found, each with its `piece` (undefined where the mask holds
 * none) and with what a later correction measured of it; then those that were drawn, which that correction alone knows.
 * `pieceAt(shadow)` returns the piece that a drawn one has in the mask now, undefined if none.
 */
function joinedShadows(found, pieces, measured, pieceAt) {
   const reach = ({ diameter }) => Math.max(2, diameter / 2);
   const joined = found.map((shadow) => {
      const { depth, uncertainty, corrected } = { ...shadow, ...nearest(measured, shadow, reach(shadow)) };
      return { ...shadow, depth, uncertainty, corrected, piece: nearest(pieces, shadow, 2) };
   });
   const drawn = measured.filter((shadow) => found.every((one) => nearest([shadow], one, reach(one)) === undefined))
      .map((shadow) => ({ ...shadow, piece: pieceAt(shadow) })).filter(({ piece }) => piece !== undefined);
   const last = Math.max(0, ...found.map(({ id }) => id));
   return joined.concat(drawn.map((shadow, i) => ({ ...shadow, id: last + i + 1 })));
}

/** Returns the piece of a mask at a shadow, of which `read(box)` gives samples; undefined where there is none. */
function pieceNear(read, { x, y, diameter }, width, height) {
   const box = circleBox({ x: x + 0.5, y: y + 0.5, radius: diameter }, width, height);
   if (box === null)
      return undefined;
   const { x0, y0 } = box;
   const found = nearest(maskPieces(read(box), box.x1 - x0, box.y1 - y0), { x: x - x0, y: y - y0 }, Math.max(2, diameter / 2));
   if (found === undefined)
      return undefined;
   const { box: part, ...rest } = found;
   return { ...rest, x: found.x + x0, y: found.y + y0,
      box: { x0: part.x0 + x0, y0: part.y0 + y0, x1: part.x1 + x0, y1: part.y1 + y0 } };
}

/** The headers of the table of shadows. */
const SHADOW_HEADERS = ["No.", "x, y", "Size", "Depth", "Uncertainty", "Corrected"];

/** Returns the texts of a shadow's row; what was not measured yet stays empty. */
function shadowCells({ id, x, y, diameter, depth, uncertainty, corrected, piece }, isWanted) {
   const share = (value) => Number.isFinite(value) ? percentText(value, 2) : "";
   const fate = piece === undefined ? "left alone" : !isWanted ? "left out"
      : corrected === undefined ? "" : corrected ? "yes" : "no";
   return [String(id), x.toFixed(1) + ", " + y.toFixed(1), diameter.toFixed(1) + " px", share(depth),
      share(uncertainty), fate];
}
