// Views out to FITS files, FITS files in to windows.

// Pinned on both ways, so that no preference flips rows or changes values.
const READ_HINTS = "ignore-out-of-range up-bottom ignore-roworder-keywords verbosity 0";
const WRITE_HINTS = "up-bottom";

const Images = {
   /** The described main views, in the order they were opened. */
   list() {
      return ImageWindow.windows.map((window) => Images.described(window));
   },

   /** The described main view of this id, null if it is not open. */
   describe(id) {
      const window = Images.window(id);
      return window === null ? null : Images.described(window);
   },

   /** The id of the active main view; a preview stands for its main view. "" if none is open. */
   activeId() {
      const window = ImageWindow.activeWindow;
      return window && !window.isNull ? window.mainView.id : "";
   },

   window(id) {
      const window = id === "" ? null : ImageWindow.windowById(id);
      return window && !window.isNull ? window : null;
   },

   described(window) {
      const view = window.mainView;
      const keywords = Images.plainKeywords(window.keywords);
      return {
         id: view.id,
         width: view.image.width,
         height: view.image.height,
         channels: view.image.numberOfNominalChannels,
         notes: notesOf(keywords),
         calibration: calibrationKind(view.id, keywords)
      };
   },

   /** The keywords of an open main view. */
   keywords(id) {
      return Images.plainKeywords(Images.open(id).keywords);
   },

   plainKeywords(keywords) {
      return keywords.map(({ name, value, comment }) => ({ name, value, comment }));
   },

   /** The window of this id; it may have been closed while events were pumped. */
   open(id) {
      const window = Images.window(id);
      if (window === null)
         throw new Problem(id + " is no longer open.", "closed");
      return window;
   },

   /** Writes a main view as it is, without keywords, to a FITS file; the window notices nothing. */
   save(id, path) {
      const { image } = Images.open(id).mainView;
      let bare = null;
      image.pushSelections();
      try {
         image.resetSelections();
         if (image.hasAlphaChannels) {
            bare = new Image(image);
            bare.deleteAlphaChannels();
         }
         Images.write(bare || image, path);
      } finally {
         image.popSelections();
         if (bare !== null)
            bare.free();
      }
   },

   /** The folder of the file a main view came from; "" if it came from none. */
   folder(id) {
      const { filePath } = Images.open(id);
      return filePath ? File.extractDrive(filePath) + File.extractDirectory(filePath) : "";
   },

   /** Saves a window that the script opened, with all it tells, unasked; false if that failed. The path must be free. */
   saveWindow(id, path) {
      try {
         return Images.open(id).saveAs(path, false, false, false, false) && File.exists(path);
      } catch (thrown) {
         console.warningln(plainForConsole("Could not save " + path + ": " + thrownText(thrown)));
         return false;
      }
   },

   write(image, path) {
      const file = new FileFormatInstance(new FileFormat(".fits", false, true));
      const description = new ImageDescription;
      description.bitsPerSample = image.bitsPerSample;
      description.ieeefpSampleFormat = image.isReal;
      if (file.isNull || !file.create(path, WRITE_HINTS))
         throw new Problem("The temporary file " + path + " could not be created.");
      let written = false;
      try {
         written = file.setOptions(description) && file.writeImage(image);
      } finally {
         written = file.close() && written;
      }
      if (!written)
         throw new Problem("The temporary file " + path + " could not be written; is the disk full?");
   },

   /** Reads a file, with the user's own preferences where `hints` are ""; `free()` what is returned. */
   load(path, hints = READ_HINTS) {
      const file = new FileFormatInstance(new FileFormat(File.extractExtension(path), true, false));
      const opened = file.isNull ? null : file.open(path, hints);
      if (!opened || opened.length === 0)
         throw new Problem(path + " could not be opened.");
      const image = new Image;
      let keywords = null;
      try {
         if (!file.readImage(image))
            throw new Problem(path + " could not be read.");
         keywords = Images.plainKeywords(file.keywords);
      } finally {
         file.close();
         if (keywords === null)
            image.free();
      }
      return { image, keywords, free: () => image.free() };
   },

   /** The samples of the first channel of what `load` returned. */
   samples({ image }) {
      return image.toFloat32Array(image.bounds, 0);
   },

   /** Opens a window, like the window `model` if given; returns the id it got, which differs where `id` is taken. */
   show({ image }, id, keywords, model = null) {
      const [bits, isReal] = model === null ? [32, true] : [image.bitsPerSample, image.isReal];
      const window = new ImageWindow(image.width, image.height, image.numberOfChannels, bits, isReal,
         image.isColor, id);
      if (window.isNull)
         throw new Problem("PixInsight could not open a window for " + id + "; is there memory left?");
      try {
         const view = window.mainView;
         view.beginProcess(UndoFlag.NoSwapFile);
         try {
            view.image.assign(image);
         } finally {
            view.endProcess();
         }
         window.keywords = keywords.map((k) => new FITSKeyword(k.name, k.value, k.comment));
         if (model !== null) {
            window.setResolution(model.horizontalResolution, model.verticalResolution, model.metricResolution);
            if (model.hasAstrometricSolution)
               window.copyAstrometricSolution(model);
         }
         window.show();
         window.zoomToFit();
         return view.id;
      } catch (thrown) {
         window.forceClose();
         throw thrown;
      }
   },

   /**
    * Opens a copy of a main view: pixels, sample format, resolution, astrometry, the properties of named spaces (others
    * are statistics, which would no longer be true) and these keywords. Returns the id it got, and what was `lost`.
    */
   duplicate(id, wanted, keywords) {
      const source = Images.open(id);
      const { image } = source.mainView;
      image.pushSelections();
      try {
         image.resetSelections();
         const shown = Images.show({ image }, wanted, keywords, source);
         const { mainView } = source;
         const copy = Images.open(shown).mainView;
         const lost = Array.from(mainView.properties).filter((name) => name.includes(":"))
            .filter((name) => !copy.hasProperty(name) && !Images.copyProperty(mainView, copy, name));
         return { id: shown, lost };
      } finally {
         image.popSelections();
      }
   },

   copyProperty(from, to, name) {
      try {
         return to.setPropertyValue(name, from.propertyValue(name), from.propertyType(name), from.propertyAttributes(name));
      } catch (_) {
         return false;
      }
   },

   /** Closes a window that the script opened. */
   discard(id) {
      const window = Images.window(id);
      if (window !== null)
         window.forceClose();
   },

   /** Of a main view: how many samples lie below 0, and whether any reaches 1. */
   extremes(id) {
      const { image } = Images.open(id).mainView;
      image.pushSelections();
      try {
         image.resetSelections();
         const negative = image.minimum() < 0 ? Images.negativeCount(image) : 0;
         return { negative, saturated: image.maximum() >= 1 };
      } finally {
         image.popSelections();
      }
   },

   negativeCount(image) {
      let count = 0;
      for (let c = 0; c < image.numberOfNominalChannels; ++c)
         for (const value of image.toFloat32Array(image.bounds, c))
            if (value < 0)
               ++count;
      return count;
   },

   /** Runs PixelMath on a main view, undoably, the window's own mask out of the way meanwhile. */
   divide(id, settings) {
      const window = Images.open(id);
      const masked = window.mask && !window.mask.isNull && window.maskEnabled;
      const math = new PixelMath;
      Object.assign(math, settings);
      if (masked)
         window.maskEnabled = false;
      try {
         return math.executeOn(window.mainView);
      } finally {
         if (masked)
            window.maskEnabled = true;
      }
   }
};
