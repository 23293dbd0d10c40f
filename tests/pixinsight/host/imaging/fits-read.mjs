// A FITS unit as PixInsight's image: sample format, orientation, channels.

import { formatOf } from './formats.mjs';
import { stripped } from './fits-header.mjs';
import { readPlanes } from './fits-scan.mjs';
import { flipRows, Raster } from './raster.mjs';

const SUPPORTED = [8, 16, 32, -32, -64];

/** Units that hold a picture. */
export const imageUnits = (units) => units.filter(unit =>
   unit.kind === 'IMAGE' && SUPPORTED.includes(unit.bitpix) && (unit.axes.length === 2 || unit.axes.length === 3)
   && unit.axes.every(n => n > 0));

export const unitFormat = (unit) => formatOf(Math.abs(unit.bitpix), unit.bitpix < 0);

/** Whether the first row in the file is the bottom of the picture. */
export function isBottomUp(unit, { bottomUp, useRowOrder }) {
   const card = useRowOrder && unit.cards.findLast(item => item.name === 'ROWORDER');
   return card ? stripped(card.value).toLowerCase() === 'bottom-up' : bottomUp;
}

const isUnsigned = (unit) => unit.bitpix === 8 || unit.zero === 2 ** (unit.bitpix - 1);

// Stored integers as samples of the whole unsigned range.
const toSamples = (plane, unit, format, signedPhysical) => {
   if (unit.bitpix < 0 || unit.bitpix === 8) return plane;
   if (unit.scale !== 1 || unit.zero !== 0 && !isUnsigned(unit))
      throw new Error(`FITS integers with BZERO ${unit.zero} and BSCALE ${unit.scale} are not known to the host emulator`);
   const result = new format.Array(plane.buffer);
   const half = 2 ** (unit.bitpix - 1);
   if (signedPhysical && !isUnsigned(unit)) for (let i = 0; i < plane.length; ++i) result[i] = Math.max(0, plane[i]);
   else for (let i = 0; i < plane.length; ++i) result[i] = plane[i] + half;
   return result;
};

/** The pixels of a unit, before any range policy. */
export function readRaster(path, unit, settings) {
   const [width, height] = unit.axes;
   const format = unitFormat(unit);
   const planes = readPlanes(path, unit).map(plane => toSamples(plane, unit, format, settings.signedPhysical));
   if (isBottomUp(unit, settings)) planes.forEach(plane => flipRows(plane, width, height));
   return new Raster(width, height, format, planes.length >= 3, planes);
}
