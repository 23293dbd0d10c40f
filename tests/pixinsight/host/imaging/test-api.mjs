// What a test does in the workspace, as the user or as an onlooker.

import { writeFileSync } from 'node:fs';
import { PIXELS } from './bitmap.mjs';
import { CONTENT } from './content.mjs';
import { applyDisplay, toPixels } from './display.mjs';
import { convert, FLOAT64, formatOf, toNative } from './formats.mjs';
import { stripped } from './fits-header.mjs';
import { imageUnits } from './fits-read.mjs';
import { readPlanes, scanFits } from './fits-scan.mjs';
import { png } from './png.mjs';
import { Raster } from './raster.mjs';
import { WINDOW } from './symbols.mjs';
import { STATE } from './view-state.mjs';

const filled = ({ width, height, channels = 1, color = channels >= 3, bitsPerSample = 32, float = bitsPerSample >= 32,
   samples = 0, native = false }) => {
   const raster = Raster.black(width, height, channels, formatOf(bitsPerSample, float), color);
   const value = typeof samples === 'function' ? samples
      : typeof samples === 'number' ? () => samples
      : (x, y, channel) => samples[(channel * height + y) * width + x];
   raster.planes.forEach((plane, channel) => {
      for (let y = 0; y < height; ++y)
         for (let x = 0; x < width; ++x) {
            const sample = value(x, y, channel);
            plane[y * width + x] = native ? sample : toNative(raster.format, sample);
         }
   });
   return raster;
};

const loadFits = (path) => {
   const [unit] = imageUnits(scanFits(path));
   if (!unit) throw new Error(`no picture in ${path}`);
   const [width, height, channels = 1] = unit.axes;
   const planes = readPlanes(path, unit);
   return {
      width, height, channels, bitpix: unit.bitpix, keywords: unit.cards,
      card: (name) => { const found = unit.card(name); return found && stripped(found.value); },
      samples: (channel = 0) => unit.scale === 1 && unit.zero === 0 ? planes[channel]
         : Float64Array.from(planes[channel], value => value * unit.scale + unit.zero)
   };
};

export function testMembers(host, state) {
   const { desktop } = state;

   const viewState = (what) => {
      const found = what?.[STATE] ?? what?.[WINDOW]?.main ?? desktop.viewById(what);
      if (!found) throw new Error(`no such view: ${what}`);
      return found;
   };

   const byHand = () => {
      if (state.quirks.windowsWhileModal === 'locked' && host.desk?.blocker())
         throw new Error('the windows are locked while a modal dialog is shown');
   };

   // A bitmap is itself; of a control, what its onPaint drew last.
   const painted = (what) => what?.[PIXELS] ? what : state.surfaces.get(what);

   const picture = (what) => {
      const bitmap = painted(what);
      if (bitmap) return bitmap[PIXELS];
      if (what?.[CONTENT]) return toPixels(what[CONTENT].raster);
      const view = viewState(what);
      const raster = view.raster.clone();
      applyDisplay(raster, view.stf);
      return toPixels(raster);
   };

   return {
      newWindow({ id = '', keywords = [], show = true, filePath = '', history = [], astrometry = null, ...shape }) {
         const cards = keywords.map(item => Array.isArray(item)
            ? { name: item[0], value: String(item[1] ?? ''), comment: item[2] ?? '' } : item);
         const window = desktop.add(id, filled(shape), { keywords: cards, filePath, astrometry,
            history: history.map(process => typeof process === 'string' ? { process, parameters: {} } : process) });
         if (show) desktop.activate(window);
         return state.wrapWindow(window);
      },
      windows: () => desktop.windows.map(state.wrapWindow),
      windowById(id) {
         const window = desktop.byId(id);
         return window ? state.wrapWindow(window) : null;
      },
      view(what) { return state.wrapView(viewState(what)); },
      samples(what, channel = 0) {
         const { raster } = what?.[CONTENT] ?? viewState(what);
         return { width: raster.width, height: raster.height, native: raster.planes[channel].slice(),
            normalised: convert(raster.planes[channel], raster.format, FLOAT64) };
      },
      setSamples(what, change, channel = 0) {
         byHand();
         const view = viewState(what);
         const raster = view.raster.clone();
         const old = view.raster;
         for (let y = 0; y < raster.height; ++y)
            for (let x = 0; x < raster.width; ++x) raster.set(x, y, channel, change(x, y, old.get(x, y, channel)));
         view.checkUnlocked('setSamples');
         view.replace(raster, { process: 'CloneStamp', parameters: {} }, true);
      },
      undo(what) { byHand(); return viewState(what).undo(); },
      redo(what) { byHand(); return viewState(what).redo(); },
      history: (what) => viewState(what).history.map(step => ({ stray: [], undoable: false, ...step })),
      activate(what) {
         byHand();
         const view = viewState(what);
         desktop.activate(view.window);
         view.window.current = view;
      },
      userClose(what) { byHand(); desktop.close(viewState(what).window); },
      isLocked: (what) => viewState(what).isLocked,
      openCount: () => state.openImages.size,
      loadFits,
      png(what, path) {
         const bytes = png(picture(what));
         if (path) writeFileSync(path, bytes);
         return bytes;
      },
      texts: (what) => [...painted(what)?.[PIXELS].texts ?? []],
      painted
   };
}
