// Puts the imaging half together: classes for scripts, calls for tests, `host.imaging` for the rest of the host.

import { internal } from '../object.mjs';
import { bitmapClass } from './bitmap.mjs';
import { Desktop } from './desktop.mjs';
import { formatClass, instanceClass } from './file-format.mjs';
import { pointClass, rectClass } from './geometry.mjs';
import { graphicsClass } from './graphics.mjs';
import { imageClass, iteratorClass } from './image.mjs';
import { descriptionClass, keywordClass } from './keywords.mjs';
import { brushClass, penClass } from './pens.mjs';
import { pixelMathClass } from './pixelmath.mjs';
import { containerClass, processClass, recordedProcessClass } from './process.mjs';
import { IMAGING_QUIRKS } from './quirks.mjs';
import { stfClass } from './stf.mjs';
import { testMembers } from './test-api.mjs';
import { fmathClass, matrixClass, statClass, vectorClass } from './vectors.mjs';
import { viewClass } from './view.mjs';
import { windowClass } from './window.mjs';

const cached = (make, quirks) => {
   const known = new Map;
   return (state) => {
      if (quirks.freshWrappers) return make(state);
      if (!known.has(state)) known.set(state, make(state));
      return known.get(state);
   };
};

/** Classes by name. Each file makes its class for one host; companions are looked up when used. */
function makeClasses(host, state) {
   const classes = {};
   Object.assign(classes, {
      Point: pointClass(), Rect: rectClass(classes), Vector: vectorClass(), Matrix: matrixClass(classes),
      Stat: statClass(), FMath: fmathClass(), FITSKeyword: keywordClass(), ImageDescription: descriptionClass(),
      Bitmap: bitmapClass(host, classes), Pen: penClass(classes), Brush: brushClass(), Graphics: graphicsClass(host, classes, state),
      Image: imageClass(classes, state), ImageIterator: iteratorClass(), View: viewClass(host, classes, state),
      ImageWindow: windowClass(host, classes, state), FileFormat: formatClass(), FileFormatInstance: instanceClass(host, classes),
      ProcessInstance: processClass(), ProcessContainer: containerClass(classes)
   });
   classes.RecordedProcess = internal(recordedProcessClass(classes));
   classes.PixelMath = pixelMathClass(host, classes, state);
   classes.ScreenTransferFunction = stfClass(classes);
   return classes;
}

export function install(host) {
   const quirks = Object.fromEntries(Object.keys(IMAGING_QUIRKS).map(name =>
      [name, host.quirk ? host.quirk(name) : IMAGING_QUIRKS[name]]));
   const state = { quirks, desktop: new Desktop(quirks), openImages: new Set, surfaces: new WeakMap };
   const classes = makeClasses(host, state);
   const { View, ImageWindow } = classes;
   state.wrapWindow = cached(window => new ImageWindow(window), quirks);
   state.wrapView = cached(view => new View(view), quirks);
   const { desktop } = state;
   host.imaging = {
      quirks,
      viewById: (id) => { const view = desktop.viewById(id); return view ? state.wrapView(view) : null; },
      painting: (control) => state.surfaces.has(control) ? host.png(control) : null, // what onPaint drew last
      mainViews: () => desktop.windows.map(window => state.wrapView(window.main)),
      previews: () => desktop.windows.flatMap(window => window.previews).map(state.wrapView)
   };
   Object.assign(host, testMembers(host, state));
   const { RecordedProcess, ...globals } = classes;
   void RecordedProcess;
   return globals;
}
