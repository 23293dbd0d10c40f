// The lower part of the dialog: images cleaned by a dust factor, one, several, or in files.

class CleanBox extends GroupBox {
   /** `dialog` is told what was chosen and what is to be done. */
   constructor(dialog, captionWidth) {
      super(dialog);
      titled(this, "Clean images");
      this.batch = { files: [], folder: "" };
      this.factorChooser = new ViewChooser(this, "What images are divided by.",
         "press Run, or Detect and Correct", (id) => dialog.choose("factor", id));
      this.targetChooser = new ViewChooser(this,
         "The image to clean: calibrated, of the same camera and binning, not yet registered.",
         "no image that fits is open", (id) => dialog.choose("target", id));
      this.applyButton = pushButton(this, "Apply",
         "Divide the image by the dust factor. Undo takes it back.",
         () => dialog.act("Applied.", applyMeasured));
      this.masterButton = pushButton(this, "Master flat",
         "Open a copy of the flat divided by the dust factor, with all its keywords and properties, and save it as a master flat.",
         () => dialog.act("", openMasterFlat));
      this.severalButton = pushButton(this, "Several...",
         "Clean several open images at once: tick them in a list.",
         () => this.cleanSeveral(dialog));
      this.filesButton = pushButton(this, "Files...",
         "Clean images and videos in files: neither windows nor undo files. They are copied; nothing is overwritten.",
         () => chooseFiles(this.batch) && dialog.act("", (workflow, s) => cleanFiles(workflow, s, this.batch)));
      this.sizer.add(row([caption(this, "Dust factor:", captionWidth), this.factorChooser], this.factorChooser));
      this.sizer.add(row([caption(this, "Apply to:", captionWidth), this.targetChooser, this.applyButton],
         this.targetChooser));
      this.sizer.add(rightRow([this.masterButton, this.severalButton, this.filesButton]));
   }

   cleanSeveral(dialog) {
      const { factor, factors, targets } = dialog.session;
      const chosen = chooseTargets(targetRows(targets, factors.find(({ id }) => id === factor)), factor);
      if (chosen.length > 0)
         dialog.act("", (workflow, s) => cleanOpen(workflow, s, chosen));
   }

   show({ factors, factor, targets, target }) {
      this.factorChooser.fill(factors, factor);
      this.targetChooser.fill(targets, target);
   }

   enable(possible) {
      for (const choices of [this.factorChooser, this.targetChooser])
         choices.enabled = choices.ids.length > 0;
      for (const name of ["apply", "master", "several", "files"])
         this[name + "Button"].enabled = possible[name];
   }
}
