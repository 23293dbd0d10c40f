// How an enabled mask lets a process through: white wholly, black not at all.

import { toNative } from './formats.mjs';

const maskFor = (target) => {
   const { mask, maskEnabled, maskInverted } = target.window;
   if (!mask || !maskEnabled) return null;
   const raster = mask.main.raster;
   const placed = target.isPreview ? raster.crop(target.rect) : raster;
   return { planes: placed.planes.slice(0, placed.nominal), max: placed.format.max, isInverted: maskInverted };
};

/** The result of a process on a view as the view's mask leaves it; `result` is changed in place and returned. */
export function blended(target, result) {
   const mask = maskFor(target);
   if (!mask) return result;
   const old = target.raster;
   const { format } = old;
   for (let channel = 0; channel < result.nominal; ++channel) {
      const weights = mask.planes[Math.min(channel, mask.planes.length - 1)];
      const [before, after] = [old.planes[channel], result.planes[channel]];
      for (let i = 0; i < after.length; ++i) {
         const weight = mask.isInverted ? 1 - weights[i] / mask.max : weights[i] / mask.max;
         if (weight === 0) after[i] = before[i];
         else if (weight !== 1)
            after[i] = toNative(format, (after[i] * weight + before[i] * (1 - weight)) / format.max);
      }
   }
   return result;
}
