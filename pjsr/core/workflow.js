// The order of things: send, work, fetch, show; and applying a factor to an image.

class Workflow {
   /**
    * `ports`:
    *  - `connect()` returns a `Client` of a bridge that answers, `reach()` one of a bridge that runs
    *    already, or null;
    *  - `images.describe(id)`, `.keywords(id)`, `.save(id, path)`, `.load(path)`, `.list()`, `.samples(loaded)`,
    *    `.show(loaded, id, keywords)`, `.extremes(id)`, `.divide(id, settings)`, `.folder(id)`, `.saveWindow(id, path)`;
    *  - `files.temporary()`, `.remove(path)`, `.exists(path)`, `.chooseNew(caption, folder, name)`; `ui.stage`, `.say`, `.warn`, `.confirm(text)`.
    */
   constructor(ports) {
      this.ports = ports;
   }

   /** Finds the dust of a flat; opens the mask. */
   detect(sourceId, options) {
      const client = this.ports.connect();
      const frame = this.send(client, sourceId, "Sending " + sourceId);
      const job = this.work(client, { operation: "detect", frame, options: requestOptions(options, false) });
      return this.show(client, job, { frame, source: sourceId }, ["mask"]);
   }

   /** Reconstructs a flat inside a mask as its window shows it now; opens factor and dust-free flat. */
   correct(sourceId, maskId, options, roll = 0) {
      const client = this.ports.connect();
      const frame = this.send(client, sourceId, "Sending " + sourceId);
      const mask = this.send(client, maskId, "Sending " + maskId);
      const job = this.work(client, {
         operation: "correct", frame, mask, options: requestOptions(options, true, roll)
      });
      return this.show(client, job, { frame, source: sourceId, roll: roll || undefined }, ["correction", "clean_flat"]);
   }

   /** Both in one. */
   run(sourceId, options, roll = 0) {
      const client = this.ports.connect();
      const frame = this.send(client, sourceId, "Sending " + sourceId);
      const job = this.work(client, { operation: "correct", frame, options: requestOptions(options, false, roll) });
      return this.show(client, job, { frame, source: sourceId, roll: roll || undefined }, Object.keys(SUFFIXES));
   }

   /**
    * Rolls the dice anew for a flat: within its mask where only the reconstruction rolls, else for both. What earlier
    * rolls opened stays open.
    */
   again({ source, mask, options }) {
      const rolls = this.ports.images.list().filter(({ notes }) => notes !== null && notes.source === source)
         .map(({ notes }) => notes.roll || 0);
      const roll = 1 + Math.max(0, ...rolls);
      return options.detector === "gemini" || mask === "" ? this.run(source, options, roll)
         : this.correct(source, mask, options, roll);
   }

   /** Has the bridge do a job; where that sends pixels away for money, the user is asked first. */
   work(client, request) {
      if (isPaid(request)) {
         const estimate = client.post("/v1/estimates", request);
         if (estimate.calls > 0 && !this.ports.ui.confirm(estimateQuestion(estimate)))
            throw new Cancelled;
      }
      return client.run(request);
   }

   /** Returns why an engine cannot run, "" if it can or no bridge runs that could be asked. */
   unavailable(name) {
      const client = this.ports.reach();
      if (client === null)
         return "";
      const engine = (client.get("/v1/engines").engines || []).find((one) => one.name === name);
      return engine && engine.available === false ? String(engine.reason) : "";
   }

   /**
    * Returns the bridge's figures on whether the factor's dust is in an image; null, with a warning,
    * where it cannot be asked: applying needs no bridge.
    */
   fit(targetId, factorId) {
      const { ui } = this.ports;
      const target = this.require(targetId);
      const factor = this.require(factorId);
      if (applyObstacle(target, factor) !== "")
         return null;
      const unknown = (why) => {
         ui.warn("whether this dust is in " + targetId + " was not measured: " + why);
         return null;
      };
      if (!factor.notes.job)
         return unknown(factorId + " does not tell which work it came from.");
      try {
         const client = this.ports.reach();
         if (client === null)
            return unknown("the bridge is not running.");
         const frame = this.send(client, targetId, "Sending " + targetId);
         return client.run({ operation: "fit", correction: factor.notes.job, target: frame }).figures;
      } catch (thrown) {
         if (thrown instanceof Problem)
            return unknown(thrown.message);
         throw thrown;
      }
   }

   /** Returns why the factor should not be applied to an image, by what keywords tell; "" if nothing does. */
   past(targetId, factorId) {
      const { images } = this.ports;
      const source = this.require(factorId).notes.source;
      const flat = images.describe(source) === null ? [] : images.keywords(source);
      return pastRefusal(targetId, images.keywords(this.require(targetId).id), flat);
   }

   /** Asks the user a question; true if the answer is yes. */
   ask(question) {
      return this.ports.ui.confirm(question);
   }

   /** Divides an image by a factor, or multiplies it, undoably. */
   apply(targetId, factorId, multiply = false) {
      const { images, ui } = this.ports;
      const target = this.require(targetId);
      const factor = this.require(factorId);
      const obstacle = applyObstacle(target, factor);
      if (obstacle !== "")
         throw new Problem(obstacle, "does-not-fit");
      const { negative, saturated } = images.extremes(targetId);
      ui.stage("Applying " + factorId + " to " + targetId, 0);
      this.calculate(targetId, applyExpression(factor, saturated, multiply));
      const warnings = negative > 0 ? [counted(negative, "negative value") + " became 0."] : [];
      warnings.forEach((sentence) => ui.warn(sentence));
      return { findings: [], warnings };
   }

   /** Changes an image by PixelMath, undoably. */
   calculate(targetId, expression) {
      const { images, ui } = this.ports;
      if (!images.divide(targetId, pixelMathSettings(expression)))
         throw new Problem("PixelMath could not change " + targetId + "; the console says why.", "pixelmath");
      ui.say(targetId + ": PixelMath " + expression + " (one Undo takes it back)");
   }

   /** Applies the factor a process icon holds; fetches it again if its window has gone. */
   applyStored({ factor, job, source }, targetId) {
      const open = this.ports.images.describe(factor);
      if (open !== null && isFactor(open) && (job === "" || open.notes.job === job))
         return this.apply(targetId, factor);
      if (job === "")
         throw new Problem("This process icon holds no dust factor: open FlatBridge, press Run, then "
            + "drag the triangle to the workspace.", "empty-icon");
      return this.apply(targetId, this.reopenFactor(job, source));
   }

   /** Opens the factor of work done before; returns its id. */
   reopenFactor(jobId, sourceId) {
      const client = this.ports.connect();
      const job = client.get("/v1/jobs/" + encodeURIComponent(jobId));
      requireSuccess(job);
      return this.show(client, job, { source: sourceId }, ["correction"]).correction;
   }

   require(id) {
      const view = this.ports.images.describe(id);
      if (view === null)
         throw new Problem(id + " is no longer open.", "closed");
      return view;
   }

   /** Sends a view as the bridge wants it; returns the id of its frame. */
   send(client, viewId, text) {
      const { images, files, ui } = this.ports;
      const path = files.temporary();
      ui.stage(text, 0);
      try {
         images.save(viewId, path);
         return client.upload(path, text);
      } finally {
         files.remove(path);
      }
   }

   /** Loads one plane of a job; `free()` what is returned. */
   fetch(client, job, name) {
      const { images, files } = this.ports;
      const path = files.temporary();
      try {
         client.download(job, name, path);
         return images.load(path);
      } finally {
         files.remove(path);
      }
   }

   /** Fetches all, then opens all: a cancel leaves no half of a result. Returns the ids by plane. */
   show(client, job, origin, names) {
      const { images, ui } = this.ports;
      const loaded = [];
      try {
         for (const name of names) {
            ui.stage("Fetching the results", loaded.length / names.length);
            loaded.push([name, this.fetch(client, job, name)]);
         }
         const shown = { job: job.id, findings: jobFindings(job), warnings: jobWarnings(job) };
         for (const [name, image] of loaded) {
            const notes = { ...origin, plane: name, job: job.id };
            if (name === "correction")
               notes.scale = job.results[name].scale;
            shown[name] = images.show(image, resultId(origin.source, name),
               notedKeywords(image.keywords, notes));
            ui.say("opened " + shown[name]);
         }
         shown.findings.forEach((sentence) => ui.say(sentence));
         shown.warnings.forEach((sentence) => ui.warn(sentence));
         return shown;
      } finally {
         loaded.forEach(([, image]) => image.free());
      }
   }
}
