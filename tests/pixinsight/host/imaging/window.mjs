// The script's ImageWindow: identity, views, appearance, life and death. Masks and files are in files of their own.

import { HostObject } from '../object.mjs';
import { WindowState } from './desktop.mjs';
import { formatOf } from './formats.mjs';
import { Raster } from './raster.mjs';
import { liveWindow, WINDOW } from './symbols.mjs';
import { STATE } from './view-state.mjs';
import { fileMembers, windowOpener } from './window-files.mjs';
import { maskMembers } from './window-masks.mjs';

const blank = (width, height, channels = 1, bits = 32, float = true, color = false) => {
   const format = formatOf(bits, float);
   if (!format) throw new TypeError(`ImageWindow: no ${bits}-bit ${float ? 'floating point' : 'integer'} sample format`);
   if (!(width > 0 && height > 0 && channels > 0)) throw new RangeError(`ImageWindow: bad size ${width}x${height}x${channels}`);
   if (color && channels < 3) throw new RangeError('ImageWindow: a color image needs three channels');
   return Raster.black(width, height, channels, format, color);
};

export function windowClass(host, classes, state) {
   const { desktop, quirks } = state;
   const openWindows = windowOpener(host, state);

   class ImageWindow extends HostObject {
      #state;

      constructor(...args) {
         super();
         const [first] = args;
         if (first === null || first instanceof WindowState) this.#state = first;
         else if (typeof first === 'object') this.#state = liveWindow(first);
         else this.#state = desktop.add(args[6] ?? '', blank(...args));
      }

      static get windows() { return desktop.windows.map(state.wrapWindow); }
      static get openWindows() { return desktop.windows.filter(window => !window.isIconic).map(state.wrapWindow); }
      static get activeWindow() {
         if (desktop.active) return state.wrapWindow(desktop.active);
         return quirks.noActiveWindow === 'null' ? null : state.wrapWindow(null);
      }
      static windowById(id) { return state.wrapWindow(desktop.byId(id) ?? null); }

      static open(...args) { return openWindows(...args); }

      get [WINDOW]() { return this.#state; }

      get #live() { return liveWindow(this); }

      get isNull() { return this.#state === null || this.#state.isClosed && quirks.closedIsNull; }
      get isClosed() { return this.#state === null || this.#state.isClosed; }
      get isWindow() { return !this.isClosed; }

      get mainView() { return state.wrapView(this.#live.main); }
      get currentView() { return state.wrapView(this.#live.current); }
      set currentView(view) { this.#live.current = this.#own(view); }
      get width() { return this.#live.main.raster.width; }
      get height() { return this.#live.main.raster.height; }
      get bitsPerSample() { return this.#live.main.raster.format.bits; }
      get isFloatSample() { return this.#live.main.raster.format.float; }
      get isComplexSample() { return false; }
      get isModified() { return this.#live.isModified; }
      get isNew() { return this.#live.filePath === ''; }
      get isACopy() { return this.#live.isACopy; }

      get keywords() { return this.#live.keywords.map(keyword => new classes.FITSKeyword(keyword)); }
      set keywords(list) {
         if (!Array.isArray(list) || !list.every(item => item instanceof classes.FITSKeyword))
            throw new TypeError('ImageWindow.keywords: an Array of FITSKeyword is needed');
         this.#live.keywords = list.map(({ name, value, comment }) => ({ name, value, comment }));
         this.#live.isModified = true;
      }

      get visible() { return this.#live.isVisible; }
      set visible(value) { if (value) this.show(); else this.hide(); }
      get iconic() { return this.#live.isIconic; }
      get zoomFactor() { return this.#live.zoomFactor; }
      set zoomFactor(factor) { this.#live.zoomFactor = factor; }
      show() { desktop.activate(this.#live); }
      hide() { desktop.hide(this.#live); }
      bringToFront() { desktop.activate(this.#live); }
      sendToBack() { void this.#live; }
      iconize() { this.#live.isIconic = true; }
      deiconize() { this.#live.isIconic = false; }
      zoomToFit() { void this.#live; }
      zoomToOptimalFit() { void this.#live; }
      fitWindow() { void this.#live; }
      setViewport(x, y, zoom) { if (zoom !== undefined) this.#live.zoomFactor = zoom; }
      regenerate() { void this.#live; }
      purge() { void this.#live; }

      undo(n = 1) { for (let i = 0; i < n; ++i) this.#live.current.undo(); }
      redo(n = 1) { for (let i = 0; i < n; ++i) this.#live.current.redo(); }

      get previews() { return this.#live.previews.map(state.wrapView); }
      get numberOfPreviews() { return this.#live.previews.length; }
      get selectedPreview() { return this.#live.current.isPreview ? state.wrapView(this.#live.current) : null; }
      createPreview(...args) {
         const [rect, id] = typeof args[0] === 'object' ? args
            : [{ x0: args[0], y0: args[1], x1: args[2], y1: args[3] }, args[4]];
         return state.wrapView(this.#live.addPreview(rect, id));
      }
      previewById(id) {
         const preview = this.#live.previews.find(view => view.id === id);
         return preview ? state.wrapView(preview) : null;
      }
      previewRect(view) {
         const { x0, y0, x1, y1 } = this.#own(view).rect;
         return new classes.Rect(x0, y0, x1, y1);
      }
      deletePreview(view) { this.#live.removePreview(this.#own(view)); }
      deletePreviews() { for (const preview of [...this.#live.previews]) this.#live.removePreview(preview); }

      get hasAstrometricSolution() { return this.#live.astrometry !== null; }
      copyAstrometricSolution(source) {
         const { astrometry } = source[WINDOW];
         if (astrometry === null) throw new Error('ImageWindow.copyAstrometricSolution: the source window has no solution');
         this.#live.astrometry = astrometry;
      }
      clearAstrometricSolution() { this.#live.astrometry = null; }

      get horizontalResolution() { return this.#live.resolution.x; }
      get verticalResolution() { return this.#live.resolution.y; }
      get metricResolution() { return this.#live.resolution.metric; }
      setResolution(x, y, metric = false) { this.#live.resolution = { x, y, metric }; }

      setSampleFormat(bits, float) {
         const format = formatOf(bits, float);
         if (!format) throw new TypeError(`ImageWindow.setSampleFormat: no ${bits}-bit format`);
         const { main } = this.#live;
         main.replace(main.raster.as(format), { process: 'SampleFormatConversion', parameters: { bits, float } }, true);
      }

      close() {
         if (this.#live.isModified && this.#live.isVisible) {
            const answer = host.messageBox({ caption: 'Close Image Window', buttons: ['Yes', 'No', 'Cancel'],
               text: `Save changes to ${this.#state.main.id}?` });
            if (answer === 'Cancel') return false;
            if (answer === 'Yes') throw new Error('ImageWindow.close: saving from the prompt is not known to the host emulator');
         }
         desktop.close(this.#state);
         return true;
      }
      forceClose() { desktop.close(this.#live); }

      #own(view) {
         const own = view?.[STATE];
         if (own?.window !== this.#live) throw new TypeError('ImageWindow: a view of this window is needed');
         return own;
      }
   }
   for (const members of [maskMembers(state), fileMembers(host, state)])
      Object.defineProperties(ImageWindow.prototype, Object.getOwnPropertyDescriptors(members));
   return ImageWindow;
}
