// Pixels of open images, for the preview: read in rectangles, changed undoably, made into bitmaps.

const Pixels = {
   rect: ({ x0, y0, x1, y1 }) => new Rect(x0, y0, x1, y1),

   /** The mean of the color channels of a main view within a rectangle. */
   level(id, rect) {
      const { image } = Images.open(id).mainView;
      image.pushSelections();
      try {
         image.resetSelections();
         const channels = image.numberOfNominalChannels;
         const mean = image.toFloat32Array(Pixels.rect(rect), 0);
         for (let c = 1; c < channels; ++c)
            image.toFloat32Array(Pixels.rect(rect), c).forEach((value, i) => { mean[i] += value; });
         return channels === 1 ? mean : mean.map((value) => value / channels);
      } finally {
         image.popSelections();
      }
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
