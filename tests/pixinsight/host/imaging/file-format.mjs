// The script's FileFormat and FileFormatInstance.

import { writeFileSync } from 'node:fs';
import { HostObject } from '../object.mjs';
import { CONTENT } from './content.mjs';
import { isFits, loadRaster, openFits, reportFailure, saveRaster } from './files.mjs';
import { unitFormat } from './fits-read.mjs';
import { stripped } from './fits-header.mjs';

export const formatClass = () => class FileFormat extends HostObject {
   #isFits;

   constructor(nameOrExtension) {
      super();
      const text = nameOrExtension?.name ?? String(nameOrExtension);
      this.#isFits = isFits(text.startsWith('.') ? text : `.${text}`);
   }

   get isNull() { return !this.#isFits; }
   get name() { return this.#isFits ? 'FITS' : ''; }
   get fileExtensions() { return this.#isFits ? ['.fits', '.fit', '.fts'] : []; }
   get canRead() { return this.#isFits; }
   get canWrite() { return this.#isFits; }
   get canStoreFloat() { return this.#isFits; }
   get canStoreDouble() { return this.#isFits; }
   get canStoreKeywords() { return this.#isFits; }
   get canStore16Bit() { return this.#isFits; }
   get canStore32Bit() { return this.#isFits; }
};

const describe = (unit, classes) => Object.assign(new classes.ImageDescription, {
   width: unit.axes[0], height: unit.axes[1], numberOfChannels: unit.axes[2] ?? 1, colorSpace: Number((unit.axes[2] ?? 1) >= 3),
   bitsPerSample: unitFormat(unit).bits, ieeefpSampleFormat: unitFormat(unit).float, supported: true,
   signedIntegers: unit.bitpix > 8 && unit.zero === 0, id: unit.card('EXTNAME') ? stripped(unit.card('EXTNAME').value) : ''
});

export const instanceClass = (host, classes) => class FileFormatInstance extends HostObject {
   #format; #path = ''; #hints = ''; #units = null; #selected = 0;
   #options = null; #keywords = []; #id = ''; #isWriting = false;

   constructor(format) {
      super();
      if (!(format instanceof classes.FileFormat)) throw new TypeError('FileFormatInstance: a FileFormat is needed');
      this.#format = format;
   }

   get isNull() { return this.#format.isNull; }
   get isOpen() { return this.#units !== null || this.#isWriting; }
   get filePath() { return this.#path; }
   get format() { return this.#format; }
   get selectedImageIndex() { return this.#selected; }
   set selectedImageIndex(index) {
      if (!(index >= 0 && index < (this.#units?.length ?? 0))) throw new RangeError('FileFormatInstance: no such image');
      this.#selected = index;
   }

   get keywords() {
      const list = this.#units ? this.#units[this.#selected]?.cards ?? [] : this.#keywords;
      return list.map(keyword => new classes.FITSKeyword(keyword));
   }
   set keywords(list) {
      if (!Array.isArray(list) || !list.every(item => item instanceof classes.FITSKeyword))
         throw new TypeError('FileFormatInstance.keywords: an Array of FITSKeyword is needed');
      this.#keywords = list.map(({ name, value, comment }) => ({ name, value, comment }));
   }

   open(path, hints = '') {
      this.close();
      try {
         this.#units = openFits(host, path);
      }
      catch (error) {
         reportFailure(host, 'cannot open', path, error);
         return null;
      }
      [this.#path, this.#hints, this.#selected] = [path, hints, 0];
      host.openFiles?.set(this, path);
      return this.#units.map(unit => describe(unit, classes));
   }

   readImage(image) {
      const unit = this.#units?.[this.#selected];
      if (!unit || !image?.[CONTENT]) return false;
      image[CONTENT].mayWrite('read');
      try {
         image[CONTENT].raster = loadRaster(host, this.#path, unit, this.#hints);
         image[CONTENT].reset();
         return true;
      }
      catch (error) {
         reportFailure(host, 'cannot read', this.#path, error);
         return false;
      }
   }

   create(path, hints = '', count = 1) {
      this.close();
      if (count !== 1) throw new Error('FileFormatInstance.create: several images are not known to the host emulator');
      try {
         host.faults?.check('open', path);
         writeFileSync(host.paths?.real(path) ?? path, ''); // the file is there from now on, complete or not
      }
      catch (error) {
         reportFailure(host, 'cannot create', path, error);
         return false;
      }
      [this.#path, this.#hints, this.#options, this.#keywords, this.#id, this.#isWriting] = [path, hints, null, [], '', true];
      host.openFiles?.set(this, path);
      return true;
   }

   setOptions(description) {
      if (!this.#isWriting) return false;
      this.#options = { bits: description.bitsPerSample, float: description.ieeefpSampleFormat };
      return true;
   }

   setImageId(id) {
      this.#id = id;
      return this.#isWriting;
   }

   writeImage(image) {
      if (!this.#isWriting || !image?.[CONTENT]) return false;
      if (!this.#options)
         throw new Error('FileFormatInstance.writeImage: without setOptions() the format written is not known to the host emulator');
      try {
         saveRaster(host, this.#path, image[CONTENT],
            { ...this.#options, hints: this.#hints, keywords: this.#keywords, id: this.#id });
         return true;
      }
      catch (error) {
         reportFailure(host, 'cannot write', this.#path, error);
         return false;
      }
   }

   close() {
      host.openFiles?.delete(this);
      [this.#units, this.#isWriting, this.#path] = [null, false, ''];
      return true;
   }
};
