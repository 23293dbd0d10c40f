// A workspace without script or user interface, and FITS files made by hand: what the imaging traps are tried in.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { install } from '../host/imaging/index.mjs';

/** A host of the imaging classes alone. `answers` are the buttons pressed in message boxes, in order; none may be left over. */
export function workspace({ answers = [], fits = {} } = {}) {
   const host = {
      lines: [], boxes: [], preferences: { fits },
      console: { write: (kind, text) => host.lines.push(`${kind}: ${text}`) },
      messageBox(box) {
         host.boxes.push(box);
         const answer = answers.shift();
         if (!box.buttons.includes(answer)) throw new Error(`nobody answers the box: ${box.caption}`);
         return answer;
      }
   };
   host.globals = install(host);
   return { host, ...host.globals };
}

/** A folder that goes when the test file ends. */
export function scratch() {
   const folder = mkdtempSync(join(tmpdir(), 'imaging-'));
   after(() => rmSync(folder, { recursive: true, force: true }));
   return (name) => join(folder, name).replaceAll('\\', '/');
}

const SETTERS = { 8: 'setUint8', 16: 'setInt16', 32: 'setInt32', '-32': 'setFloat32', '-64': 'setFloat64' };

/** Writes a FITS file byte by byte: `values` as stored, `cards` further `NAME = value` texts. */
export function writeFits(path, { bitpix = -32, axes, values, cards = [] }) {
   const number = (name, value) => `${name.padEnd(8)}= ${String(value).padStart(20)}`;
   const header = [`SIMPLE  = ${'T'.padStart(20)}`, number('BITPIX', bitpix), number('NAXIS', axes.length),
      ...axes.map((n, i) => number(`NAXIS${i + 1}`, n)), ...cards, 'END'].map(card => card.padEnd(80)).join('');
   const size = Math.abs(bitpix) / 8;
   const data = new DataView(new ArrayBuffer(Math.ceil(values.length * size / 2880) * 2880));
   values.forEach((value, i) => data[SETTERS[bitpix]](i * size, value));
   writeFileSync(path, Buffer.concat([Buffer.from(header.padEnd(Math.ceil(header.length / 2880) * 2880)), Buffer.from(data.buffer)]));
   return path;
}

/** Exports an image as the scripts do; gives the results of the calls. */
export function exportImage({ FileFormat, FileFormatInstance, ImageDescription }, image, path,
   { bits = 32, float = true, hints = 'up-bottom', keywords = [], id } = {}) {
   const file = new FileFormatInstance(new FileFormat('.fits', false, true));
   const description = new ImageDescription;
   description.bitsPerSample = bits;
   description.ieeefpSampleFormat = float;
   const results = [file.create(path, hints), file.setOptions(description)];
   file.keywords = keywords;
   if (id) file.setImageId(id);
   results.push(file.writeImage(image), file.close());
   return results;
}

/** Reads a file into a new Image; `{ image, opened, read }`. */
export function importImage({ FileFormat, FileFormatInstance, Image }, path, hints) {
   const file = new FileFormatInstance(new FileFormat('.fits', true, false));
   const opened = file.open(path, hints);
   const image = new Image;
   const read = opened === null ? false : file.readImage(image);
   const { keywords } = file;
   file.close();
   return { image, opened, read, keywords };
}

export const f32 = (values) => Array.from(Float32Array.from(values));
