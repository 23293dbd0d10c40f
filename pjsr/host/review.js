// The right half of the dialog: the preview and the table of shadows.

class ReviewPane extends Control {
   /** `onFailure(thrown)` is told what goes wrong while something is looked at. */
   constructor(parent, onFailure) {
      super(parent);
      this.onFailure = onFailure;
      this.filling = false;
      this.clear();
      this.sizer = new VerticalSizer;
      this.sizer.spacing = 6;
      this.sizer.add(this.choiceRow());
      this.sizer.add(this.brushRow());
      this.preview = new Preview(this, {
         draw: (rect, step) => this.draw(rect, step),
         onPoint: (x, y) => this.tellPoint(x, y),
         onCircle: (circle) => this.paint(circle),
         onKey: (key) => key === KeyCode.B && this.blink(),
         guarded: (work) => this.guarded(work)
      });
      this.sizer.add(this.preview, 100);
      this.bar = new ScaleBar(this);
      this.sizer.add(this.bar);
      this.sizer.add(this.pointRow());
      this.sizer.add(this.shadowTable());
   }

   choiceRow() {
      this.chooser = new ComboBox(this);
      this.chooser.toolTip = "What the preview shows.";
      this.chooser.onItemSelected = (index) => this.guarded(() => {
         this.shown = this.choices[index];
         this.showTones();
      });
      this.spanChooser = new ComboBox(this);
      this.spanChooser.toolTip = "How far from 1 the colors reach; the same in every flat.";
      SPANS.forEach((span) => this.spanChooser.addItem("\u00b1" + percentText(span, 0)));
      this.spanChooser.onItemSelected = (index) => this.guarded(() => {
         this.span = SPANS[index];
         this.showTones();
      });
      this.tintBox = new CheckBox(this);
      this.tintBox.text = "Tint dust";
      this.tintBox.checked = true;
      this.tintBox.toolTip = "Tint what the dust mask covers of a flat.";
      this.tintBox.onCheck = () => this.guarded(() => this.preview.renew());
      const wholeButton = pushButton(this, "Whole", "Show the whole image.",
         () => this.guarded(() => this.preview.look(() => this.preview.viewport.whole())));
      const closeButton = pushButton(this, "1:1", "Show one image pixel on one screen pixel.",
         () => this.guarded(() => this.preview.look(() => {
            const { x, y } = this.preview.viewport.center();
            this.preview.viewport.jump(x, y);
         })));
      return row([this.chooser, this.spanChooser, this.tintBox, wholeButton, closeButton], this.chooser);
   }

   brushRow() {
      this.brushChooser = new ComboBox(this);
      this.brushChooser.toolTip = "What the mouse does: move the image, or draw a circle from its center that becomes dust or is "
         + "taken out of the dust mask. Then press Correct.";
      BRUSHES.forEach(({ label }) => this.brushChooser.addItem(label));
      this.brushChooser.onItemSelected = (index) => {
         this.brush = BRUSHES[index];
         this.preview.isDrawing = this.brush.value !== null;
      };
      this.undoButton = pushButton(this, "Undo", "Take back the last change of the dust mask made here.",
         () => this.guarded(() => this.undo()));
      this.blinkButton = pushButton(this, "Blink", "Before and after: the flat and the dust-free flat, or an image and the same cleaned, in turn and in one scale. "
         + "The key B does the same after a click into the preview.", () => this.guarded(() => this.blink()));
      return row([caption(this, "Mouse:", this.font.width("Mouse:M")), this.brushChooser, this.undoButton, this.blinkButton]);
   }

   pointRow() {
      this.point = new Label(this);
      this.point.toolTip = "The pixel under the mouse.";
      this.zoomLabel = new Label(this);
      this.zoomLabel.textAlignment = TextAlignment.Right | TextAlignment.VertCenter;
      return row([this.point, this.zoomLabel], this.point);
   }

   shadowTable() {
      this.table = new TreeBox(this);
      this.table.numberOfColumns = SHADOW_HEADERS.length;
      SHADOW_HEADERS.forEach((text, column) => this.table.setHeaderText(column, text));
      this.table.headerVisible = true;
      this.table.rootDecoration = false;
      this.table.alternateRowColor = true;
      this.table.setScaledMinHeight(130);
      this.table.toolTip = "The shadows of the dust mask. Click one to see it; untick it to leave it out, then press "
         + "Correct.";
      this.table.onNodeUpdated = (node) => this.guarded(() => this.tick(node));
      this.table.onCurrentNodeUpdated = (node) => this.guarded(() => this.jump(node));
      this.table.onNodeClicked = (node) => this.guarded(() => this.jump(node));
      return this.table;
   }

   /** Events come while things are filled in; and images may be gone. */
   guarded(work) {
      if (this.filling || this.shown === null)
         return;
      try {
         work();
         this.zoomLabel.text = this.preview.viewport.zoomText;
      } catch (thrown) {
         this.onFailure(thrown);
      }
   }

   clear() {
      Object.assign(this, { choices: [], shown: null, span: this.span || SPANS[1], maskId: "", shadows: [], lights: {}, edits: 0,
         brush: this.brush || BRUSHES[0] });
   }

   /** Shows a session's flat and the shadows of its mask. */
   load(workflow, { source, mask, factor, listViews }) {
      const shadows = reviewedShadows(workflow, mask, factor, (box) => Pixels.level(mask, box));
      const { width, height } = workflow.require(source);
      const choices = reviewChoices(listViews(), source, factor);
      const isSame = this.shown !== null && this.choices[0].id === source;
      const { plane } = this.shown || { plane: "flat" };
      const subject = isSame ? this.shown.subject : source;
      const { ui } = workflow.ports;
      const light = broadLight((rect) => {
         ui.stage("Looking at the flat", rect.y0 / height);
         if (ui.cancelled())
            throw new Cancelled;
         return Pixels.level(source, rect);
      }, (rect) => Pixels.level(mask, rect), width, height);
      const edits = mask === this.maskId ? this.edits : 0;
      Object.assign(this, { choices, maskId: mask, lights: { [source]: light }, shadows, edits });
      this.shown = choices.find((choice) => choice.plane === plane && choice.subject === subject) || choices[0];
      this.filling = true;
      try {
         this.fill();
      } finally {
         this.filling = false;
      }
      this.guarded(() => {
         this.mark();
         this.bar.show(this.tone, this.span);
         this.enable();
         if (isSame)
            this.preview.renew();
         else
            this.preview.open({ width, height });
      });
   }

   fill() {
      this.chooser.clear();
      this.choices.forEach((choice) => this.chooser.addItem(choiceText(choice)));
      this.chooser.currentItem = this.choices.indexOf(this.shown);
      this.spanChooser.currentItem = SPANS.indexOf(this.span);
      this.table.clear();
      this.rows = this.shadows.map((shadow) => {
         const { piece } = shadow;
         const node = new TreeBoxNode(this.table);
         const isWanted = piece !== undefined && isIn(piece, Pixels.level(this.maskId, piece.box));
         node.checkable = piece !== undefined;
         if (piece !== undefined)
            node.checked = isWanted;
         const entry = { shadow, node, isWanted };
         this.write(entry);
         return entry;
      });
      SHADOW_HEADERS.forEach((_, column) => this.table.adjustColumnWidthToContents(column));
   }

   write({ shadow, node, isWanted }) {
      shadowCells(shadow, isWanted).forEach((text, column) => node.setText(column, text));
   }

   get tone() {
      return REVIEW_VIEWS[this.shown.plane].isFactor ? factorTone : grayTone;
   }

   showTones() {
      this.bar.show(this.tone, this.span);
      this.preview.renew();
   }

   /** The numbers in the preview. */
   mark() {
      this.preview.marks = this.rows.filter(({ shadow }) => shadow.piece !== undefined)
         .map(({ shadow: { id, x, y, diameter }, isWanted }) => ({ x, y, diameter, text: String(id), isWanted }));
   }

   values(rect, step) {
      const { plane, id, scale, factor } = this.shown;
      const read = (part) => factor === undefined ? Pixels.level(id, part) : Pixels.cleaned(id, factor, part);
      return REVIEW_VIEWS[plane].isFactor ? blockMeans(read, rect, step).map((value) => value * scale)
         : flattened(read, rect, step, this.light());
   }

   /** The broad light of what is shown, before and after the same; that of an image takes a moment at first. */
   light() {
      const { subject } = this.shown;
      const { imageWidth, imageHeight } = this.preview.viewport;
      this.lights[subject] = this.lights[subject] || broadLight((rect) => Pixels.level(subject, rect),
         (rect) => Pixels.level(this.maskId, rect), imageWidth, imageHeight);
      return this.lights[subject];
   }

   draw(rect, step) {
      const isTinted = this.tintBox.checked && !REVIEW_VIEWS[this.shown.plane].isFactor;
      const mask = isTinted ? blockMeans((part) => Pixels.level(this.maskId, part), rect, step) : null;
      return colorPlanes(this.values(rect, step), this.tone, this.span, mask);
   }

   /** Takes a shadow out of the mask, or back in, as its box was ticked. */
   tick(node) {
      const entry = this.rows.find((one) => one.node === node);
      if (entry === undefined || entry.shadow.piece === undefined || node.checked === entry.isWanted)
         return;
      const { piece } = entry.shadow;
      this.change(piece.box, (samples) => putPiece(piece, samples, node.checked));
   }

   /** Draws a circle into the mask, or takes it out. */
   paint(circle) {
      const { imageWidth, imageHeight } = this.preview.viewport;
      const box = circleBox(circle, imageWidth, imageHeight);
      if (box !== null)
         this.change(box, (samples) => putCircle(samples, box, circle, this.brush.value));
      this.preview.repaint();
   }

   /** Changes the mask within a rectangle. */
   change(box, work) {
      Pixels.change(this.maskId, box, work);
      ++this.edits;
      this.maskChanged();
   }

   undo() {
      if (this.edits === 0)
         return;
      Images.open(this.maskId).undo();
      --this.edits;
      this.maskChanged();
   }

   /** Shows the mask as it is now: which shadows are in it, and the tint. */
   maskChanged() {
      this.filling = true;
      try {
         this.rows.filter(({ shadow }) => shadow.piece !== undefined).forEach((entry) => {
            const { piece } = entry.shadow;
            entry.node.checked = entry.isWanted = isIn(piece, Pixels.level(this.maskId, piece.box));
            this.write(entry);
         });
      } finally {
         this.filling = false;
      }
      this.enable();
      this.mark();
      this.preview.renew();
   }

   enable() {
      this.undoButton.enabled = this.edits > 0;
      this.blinkButton.enabled = this.choices.some((choice) => otherChoice(this.choices, choice) !== undefined);
   }

   /** Shows the same before and after in turn, in the same light and scale. */
   blink() {
      const found = otherChoice(this.choices, this.shown);
      if (found === undefined)
         return;
      this.shown = found;
      this.filling = true;
      this.chooser.currentItem = this.choices.indexOf(found);
      this.filling = false;
      this.showTones();
   }

   jump(node) {
      const entry = this.rows.find((one) => one.node === node);
      if (entry !== undefined)
         this.preview.look(() => this.preview.viewport.jump(entry.shadow.x + 0.5, entry.shadow.y + 0.5));
   }

   tellPoint(x, y) {
      const { imageWidth, imageHeight } = this.preview.viewport;
      const isInside = x >= 0 && y >= 0 && x < imageWidth && y < imageHeight;
      if (!isInside) {
         this.point.text = "";
         return;
      }
      const pixel = { x0: x, y0: y, x1: x + 1, y1: y + 1 };
      const factor = this.choices.find(({ plane }) => plane === "correction");
      this.point.text = pointText(x, y, this.values(pixel, 1)[0],
         factor && factor.scale * Pixels.level(factor.id, pixel)[0], shadowAt(this.shadows, x, y));
   }
}
