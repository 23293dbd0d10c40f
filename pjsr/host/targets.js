// The checklist of open images to clean.

class TargetsDialog extends Dialog {
   /** `rows` are those of `targetRows`; ticks change them. */
   constructor(rows, factor) {
      super();
      this.rows = rows;
      this.filling = true;
      this.windowTitle = "FlatBridge: clean open images";
      this.sizer = new VerticalSizer;
      this.sizer.margin = 8;
      this.sizer.spacing = 8;
      this.sizer.add(this.imageTable(), 100);
      this.sizer.add(row([
         pushButton(this, "All", "Tick every image.", () => this.tickAll(true)),
         pushButton(this, "None", "Untick every image.", () => this.tickAll(false))
      ]));
      this.note = new Label(this);
      this.note.wordWrapping = true;
      this.note.setScaledMinHeight(50);
      this.sizer.add(this.note);
      this.goButton = pushButton(this, "Clean", "Divide the ticked images by " + factor + ".", () => this.ok());
      this.cancelButton = pushButton(this, "Cancel", "", () => this.cancel());
      this.sizer.add(rightRow([this.goButton, this.cancelButton]));
      this.setScaledMinWidth(440);
      this.filling = false;
      this.renew();
      this.adjustToContents();
   }

   imageTable() {
      this.table = new TreeBox(this);
      this.table.numberOfColumns = 2;
      this.table.setHeaderText(0, "Image");
      this.table.setHeaderText(1, "");
      this.table.rootDecoration = false;
      this.table.setScaledMinHeight(160);
      this.table.toolTip = "Open images of the dust factor's size and color: calibrated, not registered.";
      this.nodes = this.rows.map(({ id, isWanted, note }) => {
         const node = new TreeBoxNode(this.table);
         node.checkable = true;
         node.checked = isWanted;
         node.setText(0, id);
         node.setText(1, note);
         return node;
      });
      this.table.adjustColumnWidthToContents(0);
      this.table.onNodeUpdated = () => this.renew();
      return this.table;
   }

   tickAll(isWanted) {
      this.filling = true;
      this.nodes.forEach((node) => { node.checked = isWanted; });
      this.filling = false;
      this.renew();
   }

   renew() {
      if (this.filling)
         return;
      this.rows.forEach((row, i) => { row.isWanted = this.nodes[i].checked; });
      const count = this.chosen().length;
      this.goButton.enabled = count > 0;
      this.note.text = count === 0 ? "Tick the images to clean." : counted(count, "image") + ". Whether the dust is in them is "
         + "measured before anything changes. Each gets one PixelMath step, which Undo takes back.";
   }

   chosen() {
      return this.rows.filter(({ isWanted }) => isWanted).map(({ id }) => id);
   }
}

/** Has the user tick images; returns their ids, none if that was cancelled. */
function chooseTargets(rows, factor) {
   const dialog = new TargetsDialog(rows, factor);
   return dialog.execute() === StdDialogCode.Ok ? dialog.chosen() : [];
}
