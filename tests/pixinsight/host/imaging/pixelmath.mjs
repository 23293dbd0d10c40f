// The script's PixelMath: parameters and where its result goes.

import { formatOf } from './formats.mjs';
import { BadExpression } from './expression.mjs';
import { blended } from './masking.mjs';
import { compute } from './pixelmath-compute.mjs';
import { readParameters, targetOf } from './process.mjs';

export const DEFAULTS = {
   expression: '', expression1: '', expression2: '', expression3: '', useSingleExpression: true, symbols: '',
   clearImageCacheAndExit: false, cacheGeneratedImages: false, generateOutput: true, singleThreaded: false, optimization: true,
   use64BitWorkingImage: false, rescale: false, rescaleLower: 0, rescaleUpper: 1, truncate: true, truncateLower: 0,
   truncateUpper: 1, createNewImage: false, showNewImage: true, newImageId: '', newImageWidth: 0, newImageHeight: 0,
   newImageAlpha: false, newImageColorSpace: 0, newImageSampleFormat: 0
};

const FORMATS = [null, [8, false], [16, false], [32, false], [32, true], [64, true]];

export function pixelMathClass(host, classes, state) {
   const { desktop, quirks } = state;

   const complain = (error) => {
      if (!(error instanceof BadExpression) || quirks.pixelMathMissing === 'throw') throw error;
      host.console.write('criticalln', `*** Error: PixelMath: ${error.message}`);
      return false;
   };

   /** A test may order that a step fails, as an expression that cannot be computed does. */
   const refused = (target) => {
      try { host.faults?.check('execute', target.fullId); }
      catch (error) { throw new BadExpression(error.message); }
   };

   const newShape = (parameters, target) => {
      const { newImageWidth, newImageHeight, newImageColorSpace, newImageSampleFormat, newImageAlpha } = parameters;
      if (newImageAlpha) throw new Error('PixelMath.newImageAlpha is not known to the host emulator');
      const raster = target?.raster;
      const color = newImageColorSpace === 0 ? raster?.color : newImageColorSpace === 1;
      const format = newImageSampleFormat === 0 ? raster?.format : formatOf(...FORMATS[newImageSampleFormat]);
      const shape = { width: newImageWidth || raster?.width, height: newImageHeight || raster?.height, color, format };
      if (Object.values(shape).includes(undefined))
         throw new BadExpression('a new image needs width, height, color space and sample format');
      return shape;
   };

   const createImage = (parameters, target) => {
      const result = compute(desktop, parameters, target, newShape(parameters, target));
      if (!parameters.generateOutput) return;
      const window = desktop.add(parameters.newImageId, result);
      window.isModified = true;
      if (target) window.resolution = { ...target.window.resolution };
      if (parameters.showNewImage) desktop.activate(window);
   };

   const changeView = (parameters, stray, target, swapFile) => {
      const result = compute(desktop, parameters, target, target.raster);
      if (!parameters.generateOutput) return;
      result.planes.push(...target.raster.planes.slice(result.channels));
      target.replace(blended(target, result), { process: 'PixelMath', parameters, stray }, swapFile);
   };

   class PixelMath extends classes.ProcessInstance {
      static SameAsTarget = 0;
      static RGB = 1;
      static Gray = 2;
      static i8 = 1;
      static i16 = 2;
      static i32 = 3;
      static f32 = 4;
      static f64 = 5;

      constructor(other) {
         super();
         Object.assign(this, DEFAULTS);
         if (other) this.assign(other);
      }

      get expression0() { return this.expression; }
      set expression0(text) { this.expression = text; }
      get variables() { return this.symbols; }
      set variables(text) { this.symbols = text; }
      get outputData() { return []; }

      canExecuteGlobal() { return true; }

      executeOn(view, swapFile = true) {
         const target = targetOf(view, 'PixelMath.executeOn');
         const { parameters, stray } = readParameters(this, DEFAULTS);
         try {
            refused(target);
            if (parameters.createNewImage) createImage(parameters, target);
            else changeView(parameters, stray, target, swapFile);
            return true;
         }
         catch (error) { return complain(error); }
      }

      executeGlobal() {
         const { parameters } = readParameters(this, DEFAULTS);
         try {
            if (!parameters.createNewImage) throw new BadExpression('global execution needs createNewImage');
            createImage(parameters, null);
            return true;
         }
         catch (error) { return complain(error); }
      }
   }
   return PixelMath;
}
