// The script's FITSKeyword and ImageDescription.

import { HostObject } from '../object.mjs';
import { stripped } from './fits-header.mjs';

export const keywordClass = () => class FITSKeyword extends HostObject {
   #name = ''; #value = ''; #comment = '';

   constructor(first, value = '', comment = '') {
      super();
      if (typeof first === 'object' && first !== null) this.assign(first.name, first.value, first.comment);
      else if (first !== undefined) this.assign(first, value, comment);
   }

   get name() { return this.#name; }
   set name(text) { this.#name = String(text); }
   get value() { return this.#value; }
   set value(text) { this.#value = String(text); }
   get comment() { return this.#comment; }
   set comment(text) { this.#comment = String(text); }

   get strippedValue() { return stripped(this.#value); }
   get isString() { return this.#value.trim().startsWith('\''); }
   get isBoolean() { return /^[TF]$/.test(this.#value.trim()); }
   get isNumeric() { return !this.isString && this.#value.trim() !== '' && Number.isFinite(Number(this.#value)); }
   get isNull() { return this.#value === ''; }
   get numericValue() { return this.isNumeric ? Number(this.#value) : 0; }

   assign(name, value = '', comment = '') {
      this.#name = String(name);
      this.#value = String(value);
      this.#comment = String(comment);
   }
   trim() { this.assign(this.#name.trim(), this.#value.trim(), this.#comment.trim()); }
   toArray() { return [this.#name, this.#value, this.#comment]; }
   toString() { return `{${this.toArray().join(',')}}`; }
};

const DESCRIPTION = {
   id: '', width: 0, height: 0, numberOfChannels: 0, colorSpace: 0, supported: false,
   bitsPerSample: 16, ieeefpSampleFormat: false, complexSample: false, signedIntegers: false, lowerRange: 0, upperRange: 1,
   xResolution: 72, yResolution: 72, metricResolution: false, isoSpeed: 0, exposure: 0, aperture: 0, focalLength: 0, cfaType: '',
   embedColorFilterArray: false, embedDisplayFunction: false, embedICCProfile: false, embedPreviewRects: false,
   embedProcessingHistory: false, embedProperties: false, embedRGBWS: false, embedThumbnail: false
};

export const descriptionClass = () => class ImageDescription extends HostObject {
   constructor(other) {
      super();
      for (const [name, value] of Object.entries(DESCRIPTION))
         Object.defineProperty(this, name, { value: other?.[name] ?? value, writable: true, enumerable: true });
   }

   assign(other) { for (const name of Object.keys(DESCRIPTION)) this[name] = other[name]; }
};
