// What a FITS file holds, and the numbers in it as they are stored.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { BLOCK, padded, parseHeader, stripped } from './fits-header.mjs';

const ARRAYS = { 8: Uint8Array, 16: Int16Array, 32: Int32Array, '-32': Float32Array, '-64': Float64Array };
const AT_ONCE = 1 << 30;

const withFile = (path, use) => {
   const file = openSync(path, 'r');
   try { return use(file); }
   finally { closeSync(file); }
};

const readInto = (file, bytes, position) => {
   for (let done = 0; done < bytes.length;) {
      const count = readSync(file, bytes, done, Math.min(AT_ONCE, bytes.length - done), position + done);
      if (count === 0) throw new Error('unexpected end of file');
      done += count;
   }
};

const readHeader = (file, offset, size) => {
   let text = '';
   for (let at = offset; at + BLOCK <= size; at += BLOCK) {
      const block = Buffer.alloc(BLOCK);
      readInto(file, block, at);
      text += block.toString('latin1');
      const header = parseHeader(text);
      if (header) return header;
   }
   throw new Error('FITS header without END');
};

const describe = (cards, dataOffset) => {
   const card = (name) => cards.find(item => item.name === name);
   const number = (name, otherwise) => { const found = card(name); return found ? Number(stripped(found.value)) : otherwise; };
   const bitpix = number('BITPIX', 0);
   const axes = Array.from({ length: number('NAXIS', 0) }, (_, i) => number(`NAXIS${i + 1}`, 0));
   const count = axes.length ? axes.reduce((product, n) => product * n, 1) : 0;
   const kind = card('XTENSION') ? stripped(card('XTENSION').value).toUpperCase() : 'IMAGE';
   return {
      cards, card, bitpix, axes, kind, dataOffset, zero: number('BZERO', 0), scale: number('BSCALE', 1),
      bytes: (count + number('PCOUNT', 0)) * number('GCOUNT', 1) * Math.abs(bitpix) / 8
   };
};

/** Every header-and-data unit of a file; throws on a file that is not FITS. */
export const scanFits = (path) => withFile(path, file => {
   const size = fstatSync(file).size;
   const start = Buffer.alloc(Math.min(9, size));
   readInto(file, start, 0);
   if (start.toString('latin1') !== 'SIMPLE  =') throw new Error('not a FITS file');
   const units = [];
   for (let offset = 0; offset + BLOCK <= size;) {
      const { cards, length } = readHeader(file, offset, size);
      const unit = describe(cards, offset + length);
      units.push(unit);
      offset = unit.dataOffset + padded(unit.bytes);
   }
   return units;
});

/** The stored numbers of a unit in host byte order, one array for each channel, rows in the file's order. */
export const readPlanes = (path, unit) => withFile(path, file => {
   const [width, height, channels = 1] = unit.axes;
   const planeBytes = width * height * Math.abs(unit.bitpix) / 8;
   return Array.from({ length: channels }, (_, channel) => {
      const bytes = Buffer.from(new ArrayBuffer(planeBytes));
      readInto(file, bytes, unit.dataOffset + channel * planeBytes);
      swapBytes(bytes, Math.abs(unit.bitpix));
      return new ARRAYS[unit.bitpix](bytes.buffer);
   });
});

/** Big-endian to the machine's order or back, in place. */
export function swapBytes(bytes, bits) {
   if (bits > 8 && endianness() === 'LE') bytes[`swap${bits}`]();
}
