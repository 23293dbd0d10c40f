// Members of ImageWindow about masks.

import { liveWindow } from './symbols.mjs';

const flag = (name) => ({
   get() { return liveWindow(this)[name]; },
   set(value) { liveWindow(this)[name] = Boolean(value); }
});

export const maskMembers = (state) => Object.defineProperties({
   get mask() {
      const { mask } = liveWindow(this);
      return mask ? state.wrapWindow(mask) : null;
   },
   setMask(mask, invert = false) { liveWindow(this).setMask(liveWindow(mask), invert); },
   removeMask() { liveWindow(this).mask = null; },
   isMaskCompatible(mask) { return liveWindow(this).maskProblem(liveWindow(mask)) === undefined; },
   isMaskOf(window) { return liveWindow(window).mask === liveWindow(this); },
   get hasMaskReferences() {
      const own = liveWindow(this);
      return own.desktop.windows.some(other => other.mask === own);
   },
   removeMaskReferences() {
      const own = liveWindow(this);
      for (const other of own.desktop.windows) if (other.mask === own) other.mask = null;
   }
}, {
   maskEnabled: { ...flag('maskEnabled'), configurable: true },
   maskInverted: { ...flag('maskInverted'), configurable: true },
   maskVisible: { ...flag('maskVisible'), configurable: true }
});
