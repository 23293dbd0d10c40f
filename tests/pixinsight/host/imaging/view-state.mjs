// A view as PixInsight keeps it: pixels, history, undo, lock, properties.

import { randomUUID } from 'node:crypto';
import { Content } from './content.mjs';
import { IDENTITY_STF } from './display.mjs';

/** Every View has its state under this symbol; null for a view that does not exist. */
export const STATE = Symbol('view state');

// Values of UndoFlag.
const NO_SWAP_FILE = 0xffffffff;
const KEYWORDS = 8;

export class ViewState {
   #steps = [];
   #position = 0;
   #before = null;

   /** `rect` is the place of a preview on its main view; null for a main view. */
   constructor(window, id, raster, { rect = null, history = [], desktop }) {
      Object.assign(this, { window, id, rect, desktop, initial: [...history], isLocked: false });
      this.content = new Content({ open: null, view: this, raster, mayWrite: name => this.#mayWrite(name) });
      this.stf = [0, 1, 2, 3].map(() => [...IDENTITY_STF]);
      this.properties = new Map;
      this.uniqueId = randomUUID().replaceAll('-', '').slice(0, 24);
   }

   get isPreview() { return this.rect !== null; }
   get fullId() { return this.isPreview ? `${this.window.main.id}->${this.id}` : this.id; }
   get raster() { return this.content.raster; }
   get isClosed() { return this.window.isClosed || this.isPreview && !this.window.previews.includes(this); }

   /** Steps that made the view what it is, oldest first. */
   get history() { return [...this.initial, ...this.#steps.slice(0, this.#position).map(step => step.record)]; }
   get historyIndex() { return this.#position; }
   get canUndo() { return this.#position > 0; }
   get canRedo() { return this.#position < this.#steps.length; }

   #mayWrite(name) {
      if (this.isClosed) throw new Error(`Image.${name}: the view is closed`);
      if (!this.isLocked && this.desktop.quirks.writeOutsideProcess === 'throw')
         throw new Error(`Image.${name}: the image of ${this.fullId} is read-only outside beginProcess() and endProcess()`);
   }

   #snapshot(raster, keywords) { return { raster, keywords }; }

   #restore({ raster, keywords }) {
      this.content.raster = raster;
      if (keywords) this.window.keywords = keywords;
      this.changed();
   }

   checkUnlocked(what) {
      if (this.isClosed) throw new Error(`${what}: the view does not exist any more`);
      if (this.isLocked) throw new Error(`${what}: the view ${this.fullId} is locked by a process that has not ended`);
   }

   begin(flags) {
      this.checkUnlocked('View.beginProcess');
      this.isLocked = true;
      this.#before = flags >>> 0 === NO_SWAP_FILE ? null
         : this.#snapshot(this.raster.clone(), flags & KEYWORDS ? this.window.keywords : undefined);
   }

   end(record) {
      if (!this.isLocked) throw new Error('View.endProcess: beginProcess was not called');
      this.isLocked = false;
      this.#record(record, this.#before);
   }

   cancel() {
      if (!this.isLocked) throw new Error('View.cancelProcess: beginProcess was not called');
      this.isLocked = false;
      if (this.#before) this.#restore(this.#before);
   }

   /** The result of a process: new pixels, with or without a way back. */
   replace(raster, record, undoable) {
      const before = undoable ? this.#snapshot(this.raster) : null;
      this.content.raster = raster;
      this.#record(record, before);
   }

   #record(record, before) {
      this.#steps.length = this.#position;
      if (before) {
         this.#steps.push({ record: { ...record, undoable: true }, before });
         this.#position += 1;
      }
      else {
         this.initial = [...this.history.map(step => ({ ...step, undoable: false })), { ...record, undoable: false }];
         this.#steps = [];
         this.#position = 0;
      }
      this.changed();
   }

   undo() {
      if (!this.canUndo) return false;
      const step = this.#steps[--this.#position];
      step.after = this.#snapshot(this.raster, step.before.keywords && this.window.keywords);
      this.#restore(step.before);
      return true;
   }

   redo() {
      if (!this.canRedo) return false;
      this.#restore(this.#steps[this.#position++].after);
      return true;
   }

   /** Previews follow their main view; statistics are computed afresh. */
   changed() {
      this.window.isModified = true;
      for (const name of [...this.properties.keys()]) if (this.properties.get(name).computed) this.properties.delete(name);
      if (!this.isPreview) for (const preview of this.window.previews) preview.content.raster = this.raster.crop(preview.rect);
   }
}
