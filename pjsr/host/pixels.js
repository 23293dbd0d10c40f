// Pixels of open images, for the preview: read in rectangles, changed undoably, made into bitmaps.

const Pixels = {
   rect: ({ x0, y0, x1, y1 }) => new Rect(x0, y0, x1, y1),

   /** The color channels of a main view within a rectangle. */
   channels(id, rect) {
      const { image } = Images.open(id).mainView;
      image.pushSelections();
      try {
         image.resetSelections();
         return Array.from({ length: image.numberOfNominalChannels }, (_, c) => image.toFloat32Array(Pixels.rect(rect), c));
      } finally {
         image.popSelections();
      }
   },

   /** The mean of the color channels of a main view within a rectangle. */
   level: (id, rect) => meanOf(Pixels.channels(id, rect)),

   /** The same, divided by a factor as `{id, scale}`: of one channel, or of one for each. */
   cleaned(id, factor, rect) {
      const factors = Pixels.channels(factor.id, rect);
      return meanOf(Pixels.channels(id, rect).map((samples, c) => {
         const by = factors[Math.min(c, factors.length - 1)];
         return samples.map((value, i) => value / (factor.scale * by[i]));
      }));
   },

   /** Changes a rectangle of a gray main view, as one undoable step; `work` changes its samples in place. */
   change(id, rect, work) {
      const view = Images.open(id).mainView;
      const samples = Pixels.level(id, rect);
      work(samples);
      view.beginProcess();
      try {
         view.image.setSamples(samples, Pixels.rect(rect), 0);
      } finally {
         view.endProcess();
      }
   },

   /** Three planes with values in [0, 1] as a Bitmap. */
   bitmap(planes, width, height) {
      const image = new Image(width, height, 3, ColorSpace.RGB, 32, PixelSampleType.Real);
      try {
         planes.forEach((plane, c) => image.setSamples(plane, image.bounds, c));
         return image.render();
      } finally {
         image.free();
      }
   }
};
