// Keys under which script objects carry the emulator's own state.

/** On every ImageWindow: its WindowState, or null. */
export const WINDOW = Symbol('window state');

/** The state of a window that must exist. */
export function liveWindow(object) {
   const window = object?.[WINDOW];
   if (window === undefined) throw new TypeError('ImageWindow: an image window is needed');
   if (window === null) throw new Error('ImageWindow: the window is null');
   if (window.isClosed) throw new Error(`ImageWindow: the window ${window.main.id} is closed`);
   return window;
}
