// The dialog: widgets that show the session and hand actions to the workflow.

class FlatBridgeDialog extends Dialog {
   constructor(session) {
      super();
      this.session = session;
      this.progress = null;
      this.showing = true; // controls tell of changes while they are built and filled
      this.captionWidth = this.font.width("Color mosaic:MM");
      this.windowTitle = "FlatBridge";
      this.clean = new CleanBox(this, this.captionWidth);
      this.boxes = [this.flatBox(), this.maskBox(), this.clean];
      const column = new VerticalSizer;
      column.spacing = 8;
      this.boxes.forEach((box) => column.add(box));
      column.add(this.statusLabel(), 100);
      column.add(this.progressRow());
      column.add(this.bottomRow());
      this.review = new ReviewPane(this, (thrown) => this.showProgress(thrownText(thrown), 0, ""));
      this.review.hide();
      this.sizer = new HorizontalSizer;
      this.sizer.margin = 8;
      this.sizer.spacing = 8;
      this.sizer.add(column);
      this.sizer.add(this.review, 100);
      this.setScaledMinWidth(480);
      this.onHide = () => this.progress && this.progress.cancel();
      this.showSession();
      this.adjustToContents();
   }

   flatBox() {
      const box = groupBox(this, "Flat");
      this.sourceChooser = new ViewChooser(box,
         "The image to analyze: a master flat, or a median of frames used as one.",
         "no image is open", (id) => this.choose("source", id));
      this.medianButton = pushButton(box, "Median...",
         "Take a SER video, or frames in files that are not registered: their median opens and is the flat.",
         () => this.actOnFiles("A video, or frames that are not registered", MEDIAN_FILTERS, openMedian));
      box.sizer.add(row([caption(box, "Image:", this.captionWidth), this.sourceChooser, this.medianButton],
         this.sourceChooser));
      this.options = new OptionsPane(box, this.captionWidth, (key, value) => this.setOption(key, value),
         () => this.adjustToContents());
      box.sizer.add(this.options);
      this.runButton = pushButton(box, "Run",
         "Find the dust and compute the dust factor in one go.",
         () => this.act("Done.", (workflow, s) => workflow.run(s.source, s.options)));
      this.detectButton = pushButton(box, "Detect",
         "Find the dust only: review the dust mask, change it if you like, then press Correct.",
         () => this.act("Review the dust mask, then press Correct.",
            (workflow, s) => workflow.detect(s.source, s.options)));
      this.againButton = pushButton(box, "Again",
         "Roll the dice anew, where Gemini is chosen: its answers differ. You are asked first; earlier rolls stay open and can be "
         + "chosen below.",
         () => this.act("Done.", (workflow, s) => workflow.again(s)));
      this.runButton.defaultButton = true;
      this.updateButton = pushButton(box, "Update...",
         "Bring a stale master flat up to date: choose frames of a later night that it was divided into, "
         + "dithered and not registered.",
         () => this.actOnFiles("Frames that " + this.session.source + " was divided into", null,
            (workflow, paths) => updateFlat(workflow, this.session.source, paths)));
      box.sizer.add(rightRow([this.runButton, this.detectButton, this.againButton, this.updateButton]));
      return box;
   }

   setOption(key, value) {
      if (this.showing)
         return;
      this.session.options[key] = value;
      this.enable();
      if (value === "gemini")
         this.tellEngine(value);
   }

   /** Asks for files and does something with them. */
   actOnFiles(title, filters, action) {
      const chooser = new OpenFileDialog;
      chooser.caption = title;
      chooser.multipleSelections = true;
      if (filters === null)
         chooser.loadImageFilters();
      else
         chooser.filters = filters;
      if (chooser.execute())
         this.act("", (workflow) => action(workflow, Array.from(chooser.fileNames)));
   }

   maskBox() {
      const box = groupBox(this, "Dust mask");
      this.maskChooser = new ViewChooser(box,
         "White where dust is. Close this dialog to paint in it; start the script again to go on.",
         "press Detect to find the dust", (id) => this.choose("mask", id));
      this.correctButton = pushButton(box, "Correct",
         "Compute the dust factor inside this dust mask, as its window shows it now.",
         () => this.act("Done.", (workflow, s) => workflow.correct(s.source, s.mask, s.options)));
      this.previewBox = new CheckBox(box);
      this.previewBox.text = "Preview and list of shadows";
      this.previewBox.toolTip = "Show where the dust is; leave shadows out.";
      this.previewBox.onCheck = (checked) => {
         if (this.showing)
            return;
         if (checked)
            this.act("", reviewOnly);
         else
            this.showReview(false);
      };
      box.sizer.add(row([caption(box, "Mask:", this.captionWidth), this.maskChooser, this.correctButton],
         this.maskChooser));
      box.sizer.add(row([caption(box, "", this.captionWidth), this.previewBox]));
      return box;
   }

   statusLabel() {
      this.status = new Label(this);
      this.status.text = firstStep(this.session);
      this.status.wordWrapping = true;
      this.status.textAlignment = TextAlignment.Left | TextAlignment.VertCenter;
      this.status.setScaledMinHeight(36);
      return this.status;
   }

   progressRow() {
      this.bar = new ProgressBar(this);
      this.elapsed = new Label(this);
      this.elapsed.textAlignment = TextAlignment.Right | TextAlignment.VertCenter;
      this.cancelButton = pushButton(this, "Cancel", "Stop what is being done.",
         () => this.progress && this.progress.cancel());
      return row([this.bar, this.elapsed, this.cancelButton], this.bar);
   }

   bottomRow() {
      this.instanceButton = toolButton(this, "new-instance",
         "Make a process icon: dropped on an image, it applies this dust factor.");
      this.instanceButton.onMousePress = () => {
         this.instanceButton.hasFocus = true;
         this.instanceButton.pushed = false;
         Store.saveIcon(this.session.toIcon());
         this.newInstance();
      };
      this.helpButton = toolButton(this, "browse-documentation", "Documentation");
      this.helpButton.onClick = () => openDocumentation();
      this.resetButton = toolButton(this, "reset", "Reset all options");
      this.resetButton.onClick = () => {
         this.session.options = defaultOptions();
         this.showSession();
      };
      this.closeButton = pushButton(this, "Close", "", () => this.ok());
      const sizer = row([this.instanceButton, this.helpButton, this.resetButton]);
      sizer.add(this.closeButton);
      return sizer;
   }

   choose(what, id) {
      this.session.choose(what, id);
      this.showSession();
      if (what !== "target" && this.previewBox.checked)
         this.act("", reviewOnly);
   }

   /** Shows or hides the right half; the dialog grows or shrinks. */
   showReview(isWanted) {
      this.showing = true;
      this.previewBox.checked = isWanted;
      this.showing = false;
      if (!isWanted)
         this.review.clear();
      if (this.review.visible !== isWanted) {
         this.review.visible = isWanted;
         this.adjustToContents();
      }
   }

   /** Shows what an action opened; returns what spoke against it, as warnings: the work itself is done. */
   reviewed(workflow) {
      const { source, mask } = this.session;
      if (source === "" || mask === "") {
         this.showReview(false);
         return [];
      }
      try {
         this.showReview(true);
         this.review.load(workflow, this.session);
         return [];
      } catch (thrown) {
         this.showReview(false);
         return ["No preview: " + thrownText(thrown)];
      }
   }

   showSession() {
      const s = this.session;
      this.showing = true;
      this.sourceChooser.fill(s.sources, s.source);
      this.maskChooser.fill(s.masks, s.mask);
      this.clean.show(s);
      this.options.show(s.options);
      this.showing = false;
      this.enable();
   }

   enable() {
      const busy = this.progress !== null;
      const possible = possibleActions({ busy, ...this.session });
      for (const choices of [this.sourceChooser, this.maskChooser])
         choices.enabled = choices.ids.length > 0;
      for (const name of ["run", "detect", "again", "median", "update", "correct", "cancel"])
         this[name + "Button"].enabled = possible[name];
      this.clean.enable(possible);
      this.previewBox.enabled = possible.review;
      for (const control of this.boxes.concat(this.review, this.instanceButton, this.resetButton, this.closeButton))
         control.enabled = !busy;
   }

   /** Says what choosing an engine means, or why it cannot run, as far as a running bridge knows. */
   tellEngine(name) {
      if (this.progress !== null)
         return;
      this.progress = new DialogProgress(this);
      let told = "";
      try {
         this.enable();
         const reason = new Workflow(workflowPorts(this.progress)).unavailable(name);
         told = reason === "" ? "Pictures of the flat will be sent to Google's Gemini service, "
            + "and each costs money. You will be asked first." : "Gemini cannot be used: " + reason;
      } catch (thrown) {
         told = thrownText(thrown);
      } finally {
         this.progress = null;
         this.showProgress(told, 0, "");
         this.enable();
      }
   }

   showProgress(text, fraction, elapsed) {
      this.status.text = text;
      this.elapsed.text = elapsed;
      this.bar.advance(fraction);
   }

   /** Does one thing at a time, everything but Cancel and the help disabled meanwhile. */
   act(success, action) {
      if (this.progress !== null)
         return;
      this.progress = new DialogProgress(this);
      let told = success;
      try {
         Store.saveOptions(this.session.options);
         this.enable();
         const workflow = new Workflow(workflowPorts(this.progress));
         const shown = action(workflow, this.session);
         this.session.take(shown);
         const unseen = shown.mask || shown.correction ? this.reviewed(workflow) : [];
         told = [...shown.findings, success, ...shown.warnings, ...unseen].filter((text) => text !== "").join(" ");
      } catch (thrown) {
         told = thrownText(thrown);
         if (!(thrown instanceof Cancelled))
            this.progress.warn(told);
      } finally {
         this.progress = null;
         this.session.refresh();
         this.showProgress(told, 0, "");
         this.showSession();
      }
   }
}
