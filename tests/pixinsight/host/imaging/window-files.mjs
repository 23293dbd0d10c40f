// Members of ImageWindow about files.

import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { Content } from './content.mjs';
import { idFrom } from './desktop.mjs';
import { isFits, isXisf, loadRaster, openFits, reportFailure, saveRaster, saveXisf } from './files.mjs';
import { liveWindow } from './symbols.mjs';

/** Static `open`: hidden windows, one for each picture of a file. */
export const windowOpener = (host, state) => (url, id = '', hints = '', asCopy = false) => {
   const path = String(url).replace(/^file:\/\//, '');
   try {
      if (!isFits(path)) throw new Error('unsupported file format');
      return openFits(host, path).map(unit => {
         const raster = loadRaster(host, path, unit, hints);
         const keywords = unit.cards.filter(card => card.name !== '');
         const name = id || idFrom(basename(path, extname(path)));
         const window = state.desktop.add(name, raster, { keywords, filePath: asCopy ? '' : path });
         window.isACopy = asCopy;
         return state.wrapWindow(window);
      });
   }
   catch (error) {
      if (state.quirks.windowOpenFailure === 'throw') throw error;
      reportFailure(host, 'cannot open', path, error);
      return [];
   }
};

const ask = (host, caption, text, buttons) => host.messageBox({ caption, text, buttons });

export const fileMembers = (host, state) => ({
   get filePath() { return liveWindow(this).filePath; },
   set filePath(path) { liveWindow(this).filePath = String(path); },

   saveAs(path, queryOptions = true, allowMessages = true, strict = true, verifyOverwrite = true, hints = '') {
      void allowMessages, void strict; // warn of data FITS cannot store; images here have none
      const window = liveWindow(this);
      if (!isXisf(path) && !isFits(path)) throw new Error(`ImageWindow.saveAs: unsupported file format: ${path}`);
      if (verifyOverwrite && existsSync(host.paths?.real(path) ?? path)
         && ask(host, 'Save Image', `File already exists: ${path}. Overwrite it?`, ['Yes', 'No']) !== 'Yes') return false;
      if (queryOptions && ask(host, `${isXisf(path) ? 'XISF' : 'FITS'} Options`, `Options for ${path}`, ['Ok', 'Cancel']) !== 'Ok') return false;
      const { raster } = window.main;
      try {
         const content = new Content({ open: new Set, raster });
         if (isXisf(path)) saveXisf(host, path, raster, window);
         else saveRaster(host, path, content, { bits: raster.format.bits, float: raster.format.float, hints,
            keywords: window.keywords, id: window.main.id });
      }
      catch (error) {
         reportFailure(host, 'cannot write', path, error);
         return false;
      }
      if (state.quirks.saveAsRebinds) {
         window.filePath = path;
         window.isModified = false;
      }
      return true;
   },

   save(allowMessages = true, strict = true) {
      const { filePath } = liveWindow(this);
      if (!filePath) throw new Error('ImageWindow.save: the window has no file');
      return this.saveAs(filePath, false, allowMessages, strict, false);
   }
});
