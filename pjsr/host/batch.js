// The dialog for images in files.

class FilesDialog extends Dialog {
   /** `choice`, `{files, folder}`, is shown and changed. */
   constructor(choice) {
      super();
      this.choice = choice;
      this.windowTitle = "FlatBridge: clean files";
      this.sizer = new VerticalSizer;
      this.sizer.margin = 8;
      this.sizer.spacing = 8;
      this.sizer.add(this.fileTable(), 100);
      this.sizer.add(this.listRow());
      this.sizer.add(this.folderRow());
      this.sizer.add(this.noteLabel());
      this.sizer.add(this.endRow());
      this.setScaledMinWidth(560);
      this.renew();
      this.adjustToContents();
   }

   fileTable() {
      this.table = new TreeBox(this);
      this.table.numberOfColumns = 2;
      this.table.setHeaderText(0, "File");
      this.table.setHeaderText(1, "Folder");
      this.table.rootDecoration = false;
      this.table.multipleSelection = true;
      this.table.setScaledMinHeight(180);
      this.table.toolTip = "Calibrated images of the flat's camera and binning, not yet debayered, registered or stacked; "
         + "or SER videos, before they are stacked.";
      return this.table;
   }

   listRow() {
      this.addButton = pushButton(this, "Add...", "Add images or videos to the list.", () => {
         const chooser = new OpenFileDialog;
         chooser.caption = "Images to clean";
         chooser.filters = FILE_FILTERS;
         chooser.multipleSelections = true;
         if (chooser.execute())
            this.take(withFiles(this.choice.files, Array.from(chooser.fileNames)));
      });
      this.removeButton = pushButton(this, "Remove", "Take the selected ones off the list.", () => {
         const left = this.choice.files.filter((_, i) => !this.table.child(i).selected);
         this.take(left);
      });
      this.clearButton = pushButton(this, "Clear", "Empty the list.", () => this.take([]));
      return row([this.addButton, this.removeButton, this.clearButton]);
   }

   folderRow() {
      this.folder = new Edit(this);
      this.folder.readOnly = true;
      this.folder.toolTip = "The cleaned images get the same names there. Nothing is overwritten.";
      this.folderButton = pushButton(this, "Choose...", "Choose the folder for the cleaned images.", () => {
         const chooser = new GetDirectoryDialog;
         chooser.caption = "Folder for the cleaned images";
         if (chooser.execute()) {
            this.choice.folder = chooser.directory;
            this.renew();
         }
      });
      return row([caption(this, "Into:", this.font.width("Into:MM")), this.folder, this.folderButton], this.folder);
   }

   noteLabel() {
      this.note = new Label(this);
      this.note.wordWrapping = true;
      this.note.setScaledMinHeight(36);
      return this.note;
   }

   endRow() {
      this.goButton = pushButton(this, "Clean", "Write cleaned copies of these files. What was done before is passed over.",
         () => this.ok());
      this.cancelButton = pushButton(this, "Cancel", "", () => this.cancel());
      return rightRow([this.goButton, this.cancelButton]);
   }

   take(files) {
      this.choice.files = files;
      this.renew();
   }

   renew() {
      const { files, folder } = this.choice;
      this.table.clear();
      for (const path of files) {
         const node = new TreeBoxNode(this.table);
         node.setText(0, baseName(path));
         node.setText(1, path.slice(0, -baseName(path).length - 1));
      }
      this.table.adjustColumnWidthToContents(0);
      this.folder.text = folder;
      const obstacle = filesObstacle(files, folder);
      this.note.text = obstacle || counted(files.length, "file") + ". Keywords, properties and sample formats are kept; "
         + "whether the dust is in them is measured first.";
      this.goButton.enabled = obstacle === "";
      this.removeButton.enabled = this.clearButton.enabled = files.length > 0;
   }
}

/** Has the user choose files and a folder; true unless that was cancelled. */
function chooseFiles(choice) {
   return new FilesDialog(choice).execute() === StdDialogCode.Ok;
}
