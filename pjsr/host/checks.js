// What SelfTest.js checks: the behaviour of PixInsight on which the script relies.

/** Windows and files of the checks, all gone afterwards. */
class Scratch {
   constructor() {
      this.windows = [];
      this.files = [];
      const pump = () => CoreApplication.processEvents();
      this.ui = { cancelled: () => false, pump, stage() {}, say() {}, warn() {} };
      this.ports = workflowPorts(this.ui);
   }

   /** A hidden gray window holding `values(x, y)`. */
   window({ bits = 32, real = true, width = 7, height = 5, values }) {
      const window = new ImageWindow(width, height, 1, bits, real, false, "flatbridge_check");
      this.windows.push(window);
      const samples = Float32Array.from({ length: width * height },
         (_, i) => values(i % width, Math.floor(i / width)));
      const view = window.mainView;
      view.beginProcess(UndoFlag.NoSwapFile);
      try {
         view.image.setSamples(samples);
      } finally {
         view.endProcess();
      }
      return window;
   }

   path() {
      const path = Files.temporary();
      this.files.push(path);
      return path;
   }

   clear() {
      this.windows.forEach((window) => window.forceClose());
      this.files.forEach((path) => Files.remove(path));
   }
}

function samplesOf(window) {
   return window.mainView.image.toFloat32Array();
}

function demand(condition, otherwise) {
   if (!condition)
      throw new Error(otherwise);
}

function equalSamples(a, b, tolerance = 0) {
   return a.length === b.length && a.every((value, i) => Math.abs(value - b[i]) <= tolerance);
}

/** Exports a window and reads the file back; returns its samples and bits. */
function roundTrip(scratch, window) {
   const path = scratch.path();
   Images.save(window.mainView.id, path);
   const loaded = Images.load(path);
   try {
      return { samples: loaded.image.toFloat32Array(), bits: loaded.image.bitsPerSample, path };
   } finally {
      loaded.free();
   }
}

const ramp = (x, y) => (1 + x + 7 * y) / 64;

const CHECKS = [
   ["script folder", () => {
      demand(File.exists(SCRIPT_FOLDER + "/core/text.js"), "not found from " + SCRIPT_FOLDER);
      return SCRIPT_FOLDER;
   }],
   ["settings keep options", () => {
      const options = Store.loadOptions();
      Store.saveOptions(options || {});
      demand(asciiJson(Store.loadOptions()) === asciiJson(options || {}), "they came back changed");
      return "unchanged";
   }],
   ["float image out and in", (scratch) => {
      const window = scratch.window({ values: ramp });
      const back = roundTrip(scratch, window);
      demand(equalSamples(back.samples, samplesOf(window)), "pixels or row order changed");
      return "bit for bit";
   }],
   ["16-bit image out and in", (scratch) => {
      const window = scratch.window({ bits: 16, real: false, values: ramp });
      const back = roundTrip(scratch, window);
      demand(back.bits === 16, "came back with " + back.bits + " bits");
      demand(equalSamples(back.samples, samplesOf(window)), "pixels or row order changed");
      return "bit for bit";
   }],
   ["values above 1 are read as they are", (scratch) => {
      const window = scratch.window({ values: (x, y) => 4 * ramp(x, y) });
      demand(equalSamples(roundTrip(scratch, window).samples, samplesOf(window)), "they were rescaled or clipped");
      return "kept";
   }],
   ["ids and keywords of a window", (scratch) => {
      const window = scratch.window({ values: ramp });
      const path = scratch.path();
      Images.save(window.mainView.id, path);
      const loaded = Images.load(path);
      const notes = { plane: "correction", job: "0123", frame: "4567", source: "flat", scale: 2 };
      try {
         const ids = [0, 1].map(() => Images.show(loaded, "flatbridge_check_factor",
            notedKeywords(loaded.keywords, notes)));
         scratch.windows.push(...ids.map((id) => ImageWindow.windowById(id)));
         demand(ids[0] !== ids[1], "two windows share one id");
         demand(asciiJson(Images.describe(ids[1]).notes) === asciiJson(notes), "keywords came back changed");
         return ids.join(", ");
      } finally {
         loaded.free();
      }
   }],
   ["division and undo", (scratch) => {
      const target = scratch.window({ values: ramp });
      const factor = scratch.window({ values: (x) => x === 2 ? 0.4 : 0.5 });
      const mask = scratch.window({ values: () => 0 });
      target.setMask(mask);
      target.maskEnabled = true;
      const before = samplesOf(target);
      const factorView = { id: factor.mainView.id, notes: { scale: 2 } };
      const expression = applyExpression(factorView, true);
      demand(Images.divide(target.mainView.id, pixelMathSettings(expression)), "PixelMath answered false");
      const expected = before.map((value, i) => i % 7 === 2 ? value / Math.fround(2 * Math.fround(0.4)) : value);
      demand(equalSamples(samplesOf(target), expected, 1e-6), "wrong quotient");
      demand(target.maskEnabled, "the mask was not enabled again");
      target.undo();
      demand(equalSamples(samplesOf(target), before), "Undo did not restore the pixels");
      return expression;
   }],
   ["a copy keeps format, keywords and properties", (scratch) => {
      const window = scratch.window({ bits: 16, real: false, values: ramp });
      const view = window.mainView;
      window.keywords = [new FITSKeyword("FILTER", "'Ha'", ""), new FITSKeyword("IMAGETYP", "'Flat Frame'", "")];
      view.setPropertyValue("Instrument:Filter:Name", "Ha");
      const { id, lost } = Images.duplicate(view.id, "flatbridge_check_copy", masterFlatKeywords(Images.keywords(view.id)));
      const copy = ImageWindow.windowById(id);
      scratch.windows.push(copy);
      demand(lost.length === 0, "lost " + lost.join(", "));
      demand(copy.bitsPerSample === 16, "it has " + copy.bitsPerSample + " bits");
      demand(equalSamples(samplesOf(copy), samplesOf(window)), "pixels changed");
      const keywords = Images.keywords(id);
      demand(keywordText(keywords, "FILTER") === "Ha" && keywordText(keywords, "IMAGETYP") === "Master Flat",
         "the keywords are " + asciiJson(keywords));
      const property = copy.mainView.propertyValue("Instrument:Filter:Name");
      demand(property === "Ha", "the property became " + property);
      return id;
   }],
   ["a change in a mask and Undo", (scratch) => {
      const window = scratch.window({ values: ramp });
      const before = samplesOf(window);
      const box = { x0: 1, y0: 1, x1: 4, y1: 3 };
      Pixels.change(window.mainView.id, box, (samples) => samples.fill(0));
      const changed = samplesOf(window).filter((value) => value === 0).length;
      demand(changed === 6, changed + " pixels changed instead of 6");
      window.undo();
      demand(equalSamples(samplesOf(window), before), "Undo did not restore the pixels");
      return "restored";
   }],
   ["PixelMath refuses what it cannot parse", (scratch) => {
      const target = scratch.window({ values: ramp });
      let answer;
      try {
         answer = Images.divide(target.mainView.id, pixelMathSettings("$T/no_such_view_1234"));
      } catch (thrown) {
         return "throws: " + thrownText(thrown);
      }
      demand(answer === false, "it answered " + answer);
      return "answers false";
   }],
   ["dialog", () => {
      const dialog = new FlatBridgeDialog(new Session(() => Images.list(), {}, Images.activeId()));
      demand(dialog.width > 0, "it has no width");
      return dialog.width + " x " + dialog.height;
   }],
   ["bridge", (scratch) => {
      const client = scratch.ports.connect();
      scratch.client = client;
      const engines = client.get("/v1/engines");
      demand(typeof engines === "object", "no list");
      return client.server.url;
   }],
   ["bad requests are told in a sentence", (scratch) => {
      demand(scratch.client, "no bridge");
      const transfer = new NetworkTransfer;
      transfer.setURL(scratch.client.server.url + "/v1/jobs");
      transfer.setCustomHTTPHeaders(requestHeaders(scratch.client.server.token, "application/json"));
      transfer.onDownloadDataAvailable = () => true;
      const complete = transfer.post("{");
      const code = transfer.responseCode;
      demand(Number(code) === 400, "the code was " + code);
      return "post() gives " + complete + ", responseCode " + typeof code + " " + code;
   }],
   ["pixels there and back", (scratch) => {
      demand(scratch.client, "no bridge");
      const values = (x, y) => (1 + (x * 31 + y * 17) % 997) / 1024;
      const window = scratch.window({ width: 700, height: 500, values });
      const path = scratch.path();
      Images.save(window.mainView.id, path);
      const frame = scratch.client.upload(path, "");
      const copy = scratch.path();
      const reply = scratch.client.exchange("GET", "/v1/frames/" + frame + ".fits", { file: copy });
      demand(reply.status === 200, "status " + reply.status);
      const loaded = Images.load(copy);
      try {
         demand(equalSamples(loaded.image.toFloat32Array(), samplesOf(window)), "pixels changed on the way");
      } finally {
         loaded.free();
      }
      return "bit for bit";
   }],
   ["a transfer can be cancelled", (scratch) => {
      demand(scratch.client, "no bridge");
      const started = Date.now();
      const network = new Network({
         cancelled: () => Date.now() > started + 200,
         pump: () => CoreApplication.processEvents()
      });
      try {
         for (;;)
            network.send({ method: "GET", url: scratch.client.server.url + "/v1/health", headers: ["Expect:"] });
      } catch (thrown) {
         demand(thrown instanceof Cancelled, thrownText(thrown));
      }
      const took = Date.now() - started;
      demand(took < 2000, "it took " + took + " ms");
      return took + " ms";
   }]
];
