// Opening and writing picture files for windows and file format instances, with the dialogs PixInsight would show.

import { EMPTY } from './content.mjs';
import { readSettings, writeSettings } from './fits-hints.mjs';
import { applyRange } from './fits-range.mjs';
import { imageUnits, readRaster } from './fits-read.mjs';
import { scanFits } from './fits-scan.mjs';
import { writeFits } from './fits-write.mjs';
import { writeXisf } from './xisf-write.mjs';

const FITS = /\.(fits?|fts)$/i;
const OTHERS = { XISF: /\.xisf$/i, TIFF: /\.tiff?$/i, PNG: /\.png$/i, JPEG: /\.jpe?g$/i };

/** True for a FITS name; formats PixInsight has and the emulator lacks throw, naming themselves; others are false. */
export function isFits(name) {
   for (const [format, pattern] of Object.entries(OTHERS))
      if (pattern.test(name)) throw new Error(`${format} files are not known to the host emulator: ${name}`);
   return FITS.test(name);
}

/** True for an XISF name, which windows can be saved under; nothing reads it. */
export const isXisf = (name) => OTHERS.XISF.test(name);

const real = (host, path) => host.paths?.real(path) ?? path;

/** Picture units of a file; throws on what cannot be read. */
export function openFits(host, path) {
   host.faults?.check('read', path);
   return imageUnits(scanFits(real(host, path)));
}

const askRange = (host) => (low, high, settings) => {
   const answer = host.messageBox({
      caption: 'FITS: Out of Range', buttons: ['Rescale', 'Truncate', 'Ignore', 'Cancel'],
      text: `Sample values [${low},${high}] against the range [${settings.lowerRange},${settings.upperRange}].`
   });
   return answer === 'Cancel' ? null : { fix: answer.toLowerCase() };
};

/** The pixels of a unit as a script gets them. Throws when the user cancels the range dialog. */
export function loadRaster(host, path, unit, hints) {
   const settings = readSettings(hints, host.preferences?.fits);
   const raster = readRaster(real(host, path), unit, settings);
   if (!raster.format.float) return raster;
   const done = applyRange(raster.planes, settings, askRange(host));
   if (done === 'cancelled') throw new Error('Process aborted');
   if (settings.verbosity > 0 && done !== 'in-range')
      host.console.write('warningln', `** Warning: FITS sample values out of range: ${done}: ${path}`);
   return raster;
}

/** Writes the selected part of a content. */
export function saveRaster(host, path, content, { bits, float, hints, keywords, id }) {
   if (content.raster === EMPTY) throw new Error('the image is empty');
   host.faults?.check('write', path);
   const settings = writeSettings(hints, host.preferences?.fits);
   const raster = content.isWholeSelected ? content.raster : content.selected();
   writeFits(real(host, path), raster, { ...settings, bits, float, id }, keywords);
}

/** Writes a window's main view with its keywords and properties. */
export function saveXisf(host, path, raster, { keywords, main }) {
   host.faults?.check('write', path);
   writeXisf(real(host, path), raster, { id: main.id, keywords, properties: main.properties });
}

/** Tells the console why a file operation failed, as PixInsight does before returning false or null. Gaps are thrown on. */
export function reportFailure(host, what, path, error) {
   if (error.name === 'HostFailure' || /host emulator/.test(error.message)) throw error;
   host.console.write('criticalln', `*** Error: ${what}: ${path}: ${error.message}`);
}
