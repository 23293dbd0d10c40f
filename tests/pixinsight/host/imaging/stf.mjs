// The script's ScreenTransferFunction, whose rows are in another order than View.stf.

import { readParameters, targetOf } from './process.mjs';

const IDENTITY = [0, 1, 0.5, 0, 1]; // shadows, highlights, midtones, low, high

export const stfClass = (classes) => class ScreenTransferFunction extends classes.ProcessInstance {
   constructor(other) {
      super();
      Object.assign(this, { STF: [0, 1, 2, 3].map(() => [...IDENTITY]), interaction: 0 });
      if (other) this.assign(other);
   }

   executeOn(view) {
      const target = targetOf(view, 'ScreenTransferFunction.executeOn');
      const { STF } = readParameters(this, { STF: [], interaction: 0 }).parameters;
      if (!Array.isArray(STF) || STF.length !== 4 || STF.some(row => row.length !== 5))
         throw new TypeError('ScreenTransferFunction.STF: four rows of five numbers are needed: [c0, c1, m, r0, r1]');
      target.stf = STF.map(([c0, c1, m, r0, r1]) => [m, c0, c1, r0, r1]);
      return true;
   }
};
