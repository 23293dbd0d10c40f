// The windows of the workspace, in the order they were made.

import { clipped } from './content.mjs';
import { ViewState } from './view-state.mjs';

export const isValidId = (id) => /^[A-Za-z_]\w*$/.test(id);

/** An identifier made from any text, as opening a file does. */
export const idFrom = (text) => {
   const id = text.replace(/\W/g, '_');
   return /^\d/.test(id) || id === '' ? `_${id}` : id;
};

export class WindowState {
   constructor(desktop, id, raster, { keywords = [], filePath = '', history = [], astrometry = null } = {}) {
      Object.assign(this, { desktop, keywords, filePath, astrometry, previews: [], mask: null, maskEnabled: true,
         maskInverted: false, maskVisible: true, isVisible: false, isIconic: false, isModified: false, isClosed: false,
         isACopy: false, zoomFactor: 1, resolution: { x: 72, y: 72, metric: false } });
      this.main = new ViewState(this, id, raster, { history, desktop });
      this.current = this.main;
   }

   /** Why a window cannot be this one's mask; undefined if it can. */
   maskProblem(mask) {
      if (mask === this) return 'a window cannot be its own mask';
      const [own, other] = [this.main.raster, mask.main.raster];
      if (own.width !== other.width || own.height !== other.height) return 'the mask has another size';
      if (!own.color && other.color) return 'a gray image needs a gray mask';
      return undefined;
   }

   setMask(mask, inverted) {
      const problem = this.maskProblem(mask);
      if (problem) throw new Error(`ImageWindow.setMask: ${problem}`);
      Object.assign(this, { mask, maskEnabled: true, maskInverted: Boolean(inverted) });
   }

   addPreview(rect, wanted) {
      const names = this.previews.map(preview => preview.id);
      let id = wanted || 'Preview01';
      for (let n = 1; names.includes(id); ++n) id = wanted ? `${wanted}${n}` : `Preview${String(n + 1).padStart(2, '0')}`;
      const area = clipped(rect, this.main.raster);
      const preview = new ViewState(this, id, this.main.raster.crop(area), { rect: area, desktop: this.desktop });
      this.previews.push(preview);
      return preview;
   }

   removePreview(preview) {
      this.previews = this.previews.filter(other => other !== preview);
      if (this.current === preview) this.current = this.main;
   }
}

export class Desktop {
   windows = [];
   active = null;

   constructor(quirks) { this.quirks = quirks; }

   /** The id itself, or with the first number that makes it new. */
   freeId(wanted) {
      const isTaken = (id) => this.windows.some(window => window.main.id === id);
      if (!wanted) {
         let n = 1;
         while (isTaken(`Image${String(n).padStart(2, '0')}`)) ++n;
         return `Image${String(n).padStart(2, '0')}`;
      }
      let id = wanted;
      for (let n = 1; isTaken(id); ++n) id = `${wanted}${n}`;
      return id;
   }

   add(id, raster, details) {
      if (id && !isValidId(id)) throw new Error(`ImageWindow: invalid identifier: ${id}`);
      const window = new WindowState(this, this.freeId(id), raster, details);
      this.windows.push(window);
      return window;
   }

   byId(id) { return this.windows.find(window => window.main.id === id); }

   /** A view's state by `Main` or `Main->Preview`. */
   viewById(id) {
      const [main, preview] = String(id).split('->');
      const window = this.byId(main);
      return preview === undefined ? window?.main : window?.previews.find(view => view.id === preview);
   }

   activate(window) {
      window.isVisible = true;
      window.isIconic = false;
      this.active = window;
   }

   hide(window) {
      window.isVisible = false;
      if (this.active === window) this.active = this.windows.findLast(other => other.isVisible) ?? null;
   }

   close(window) {
      this.windows = this.windows.filter(other => other !== window);
      window.isClosed = true;
      for (const other of this.windows) if (other.mask === window) other.mask = null;
      this.hide(window);
   }
}
