// The script's Vector and Matrix, as far as images need them, and the groups Stat and FMath.

import { HostObject } from '../object.mjs';
import { mtf } from './display.mjs';
import { madOf, medianOf, moments } from './statistics.mjs';

const VECTOR = Symbol.for('host.vector');

const numbers = (args) => {
   const [first, second] = args;
   if (args.length === 0) return new Float64Array(0);
   if (first?.[VECTOR]) return first[VECTOR].slice();
   if (Array.isArray(first) || ArrayBuffer.isView(first)) return Float64Array.from(first);
   return args.length === 1 ? new Float64Array(first) : new Float64Array(second).fill(first);
};

export const vectorClass = () => class Vector extends HostObject {
   #values;

   constructor(...args) {
      super();
      this.#values = numbers(args);
   }

   get [VECTOR]() { return this.#values; }
   get length() { return this.#values.length; }
   get isEmpty() { return this.length === 0; }

   at(index, ...value) {
      if (!(index >= 0 && index < this.length)) throw new RangeError(`Vector.at: ${index} is outside`);
      if (value.length > 0) this.#values[index] = value[0];
      return this.#values[index];
   }
   minComponent() { return moments(this.#values).minimum; }
   maxComponent() { return moments(this.#values).maximum; }
   sum() { return moments(this.#values).sum; }
   mean() { return moments(this.#values).mean; }
   stdDev() { return Math.sqrt(moments(this.#values).variance); }
   median() { return medianOf(this.#values.slice()); }
   MAD(center = this.median()) { return madOf(this.#values, center); }
   sort() { this.#values.sort(); }
   toArray() { return Array.from(this.#values); }
   toFloat32Array() { return Float32Array.from(this.#values); }
   toFloat64Array() { return this.#values.slice(); }
   toString() { return this.toArray().join(','); }
};

export const matrixClass = (classes) => class Matrix extends HostObject {
   #rows; #cols; #values;

   constructor(first, rows, cols) {
      super();
      const isList = Array.isArray(first) || ArrayBuffer.isView(first);
      [this.#rows, this.#cols] = cols === undefined ? [first, rows] : [rows, cols];
      this.#values = isList ? Float64Array.from(first)
         : new Float64Array(this.#rows * this.#cols).fill(cols === undefined ? 0 : first);
   }

   get rows() { return this.#rows; }
   get cols() { return this.#cols; }
   get columns() { return this.#cols; }
   at(row, column, ...value) {
      if (!(row >= 0 && row < this.#rows && column >= 0 && column < this.#cols)) throw new RangeError('Matrix.at: outside');
      if (value.length > 0) this.#values[row * this.#cols + column] = value[0];
      return this.#values[row * this.#cols + column];
   }
   rowVector(row) { return new classes.Vector(this.#values.slice(row * this.#cols, (row + 1) * this.#cols)); }
   toArray() { return Array.from(this.#values); }
   toFloat32Array() { return Float32Array.from(this.#values); }
};

const list = (values) => values[VECTOR]?.slice() ?? Float64Array.from(values);

export const statClass = () => class Stat extends HostObject {
   static median(values) { return medianOf(list(values)); }
   static mean(values) { return moments(list(values)).mean; }
   static stdDev(values) { return Math.sqrt(moments(list(values)).variance); }
   static MAD(values, center = Stat.median(values)) { return madOf(list(values), center); }
};

export const fmathClass = () => class FMath extends HostObject {
   static mtf(m, x) { return mtf(m, x); }
   static range(x, low, high) { return Math.min(Math.max(x, low), high); }
   static round(x, digits = 0) { return Math.round(x * 10 ** digits) / 10 ** digits; }
   static min(a, b) { return Math.min(a, b); }
   static max(a, b) { return Math.max(a, b); }
};
