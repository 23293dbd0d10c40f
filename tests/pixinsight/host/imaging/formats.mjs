// Sample formats: how a value is kept in memory, and what it means in [0,1].

const FORMATS = [
   { name: 'u8', bits: 8, float: false, Array: Uint8Array, max: 255 },
   { name: 'u16', bits: 16, float: false, Array: Uint16Array, max: 65535 },
   { name: 'u32', bits: 32, float: false, Array: Uint32Array, max: 4294967295 },
   { name: 'f32', bits: 32, float: true, Array: Float32Array, max: 1 },
   { name: 'f64', bits: 64, float: true, Array: Float64Array, max: 1 }
];

export const FLOAT32 = FORMATS[3];
export const FLOAT64 = FORMATS[4];

/** The format of so many bits, or undefined if there is none. */
export const formatOf = (bits, float) => FORMATS.find(format => format.bits === bits && format.float === Boolean(float));

/** The format whose memory a typed array (of any realm) is, or undefined. */
export const formatOfArray = (array) => FORMATS.find(format => format.Array.name === array.constructor.name);

/** A real value as the format keeps it: integers are clipped and rounded, and know no NaN. */
export function toNative(format, value) {
   if (format.float) return value;
   if (!(value > 0)) return 0;
   return value >= 1 ? format.max : Math.floor(value * format.max + 0.5);
}

/** Samples of one format as a new array of another; integers span [0,1]. */
export function convert(samples, from, to) {
   if (from === to) return samples.slice();
   if (from.float && to.float) return new to.Array(samples);
   const result = new to.Array(samples.length);
   const max = from.max;
   if (to.float) for (let i = 0; i < result.length; ++i) result[i] = samples[i] / max;
   else for (let i = 0; i < result.length; ++i) result[i] = toNative(to, samples[i] / max);
   return result;
}
