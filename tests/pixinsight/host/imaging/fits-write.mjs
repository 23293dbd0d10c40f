// A picture as a FITS file, with the cards PixInsight writes and those it refuses to.

import { closeSync, openSync, writeFileSync } from 'node:fs';
import { formatCard, headerBytes, padded, quoted, stripped } from './fits-header.mjs';
import { convert, formatOf } from './formats.mjs';
import { swapBytes } from './fits-scan.mjs';
import { flipRows } from './raster.mjs';

const DROPPED = new Set(['', 'SIMPLE', 'BITPIX', 'EXTEND', 'NEXTEND', 'BSCALE', 'BZERO', 'PROGRAM', 'CREATOR', 'SWCREATE',
   'CONFIGUR', 'XTENSION', 'PCOUNT', 'GCOUNT', 'FILENAME', 'FILETYPE', 'ROOTNAME', 'ROWORDER', 'PINSIGHT', 'COLORSPC',
   'ALPHACHN', 'RESOLUTN', 'XRESOLTN', 'YRESOLTN', 'RESOUNIT', 'ICCPROFL', 'THUMBIMG', 'XMPDATA', 'END']);
const DROPPED_BEGINNINGS = /^(NAXIS|TLMIN|TLMAX|TDMIN|TDMAX|TDBIN)/;

/** A number as FITS writes a real one: 15 digits and always a point. */
export function realText(value) {
   const text = String(Number(value.toPrecision(15))).toUpperCase().replace('E+', 'E');
   return /[.E]/.test(text) ? text : `${text}.`;
}

const valueText = (value) => {
   const text = value.trim();
   if (text === '' || text === 'T' || text === 'F') return text;
   if (text.startsWith('\'')) return quoted(stripped(text));
   return Number.isFinite(Number(text)) ? realText(Number(text)) : quoted(text);
};

const userCards = (keywords, id) => {
   const cards = [];
   for (const { name, value, comment } of keywords) {
      const key = name.trim().slice(0, 8).toUpperCase();
      if (DROPPED.has(key) || DROPPED_BEGINNINGS.test(key) || id && key === 'HDUNAME') continue;
      if (key !== 'COMMENT' && key !== 'HISTORY') cards.push(formatCard(key, valueText(value), comment));
      else {
         const text = value ? `${value}// ${comment}` : comment;
         for (let at = 0; at === 0 || at < text.length; at += 72) cards.push(formatCard(key, '', text.slice(at, at + 72)));
      }
   }
   return cards;
};

const structure = ({ width, height, channels }, { bits, float, unsigned, bottomUp, id }) => {
   const number = (name, value, comment) => formatCard(name, String(value), comment);
   const axes = channels === 1 ? [width, height] : [width, height, channels];
   const cards = [
      formatCard('SIMPLE', 'T', 'file does conform to FITS standard'),
      number('BITPIX', float ? -bits : bits, 'number of bits per data pixel'),
      number('NAXIS', axes.length, 'number of data axes'),
      ...axes.map((n, i) => number(`NAXIS${i + 1}`, n, `length of data axis ${i + 1}`)),
      formatCard('EXTEND', 'T', 'FITS dataset may contain extensions')
   ];
   if (!float && bits > 8) {
      cards.push(number('BZERO', unsigned ? 2 ** (bits - 1) : 0, 'offset data range to that of unsigned integers'));
      cards.push(number('BSCALE', 1, 'default scaling factor'));
   }
   cards.push(formatCard('PROGRAM', quoted('PixInsight 1.9.4'), 'Software that created this HDU'));
   cards.push(formatCard('COMMENT', '', 'PixInsight Class Library: host emulator'));
   if (id) cards.push(formatCard('HDUNAME', quoted(id), 'Identifier of primary image HDU'));
   cards.push(formatCard('ROWORDER', quoted(bottomUp ? 'BOTTOM-UP' : 'TOP-DOWN'), 'Order of pixel rows stored in the image array'));
   return cards;
};

// Samples as integers of a file; real values outside [0,1] do not fit.
const toIntegers = (samples, from, to) => {
   const result = new to.Array(samples.length);
   const scale = to.max / from.max;
   const offset = to.bits === 8 ? 0 : 2 ** (to.bits - 1);
   for (let i = 0; i < result.length; ++i) {
      const value = Math.round(samples[i] * scale);
      if (!(value >= 0 && value <= to.max)) throw new Error('numerical overflow');
      result[i] = value - offset;
   }
   return result;
};

// One plane as it goes to the file: sample type, row order, big-endian.
const planeBytes = (samples, from, to, { width, height }, bottomUp) => {
   const result = to.float ? convert(samples, from, to) : toIntegers(samples, from, to);
   if (bottomUp) flipRows(result, width, height);
   const bytes = Buffer.from(result.buffer);
   swapBytes(bytes, to.bits);
   return bytes;
};

/**
 * Writes a raster. `options`: bits, float, unsigned, bottomUp, id. Throws on formats FITS lacks, on real values outside [0,1]
 * for an integer file, and on files that cannot be written.
 */
export function writeFits(path, raster, options, keywords) {
   const to = formatOf(options.bits, options.float);
   if (!to) throw new Error(`unsupported FITS sample format: ${options.bits}-bit`);
   const planes = raster.planes.map(plane => planeBytes(plane, raster.format, to, raster, options.bottomUp));
   const file = openSync(path, 'w');
   try {
      writeFileSync(file, headerBytes([...structure(raster, options), ...userCards(keywords, options.id)]));
      for (const plane of planes) writeFileSync(file, plane);
      const size = planes.reduce((sum, plane) => sum + plane.length, 0);
      writeFileSync(file, Buffer.alloc(padded(size) - size));
   } finally { closeSync(file); }
}
