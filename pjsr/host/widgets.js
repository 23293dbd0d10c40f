// Small parts of the dialog.

/** A bar that fills from left to right. */
class ProgressBar extends Control {
   constructor(parent) {
      super(parent);
      this.fraction = 0;
      this.setScaledFixedHeight(8);
      this.onPaint = () => {
         const graphics = new Graphics(this);
         try {
            const { width, height } = this;
            graphics.fillRect(0, 0, width, height, new Brush(0xffd0d0d0));
            graphics.fillRect(0, 0, Math.round(width * this.fraction), height, new Brush(0xff4a7ebb));
         } finally {
            graphics.end();
         }
      };
   }

   advance(fraction) {
      this.fraction = fraction;
      this.repaint();
   }
}

/** A right-aligned caption of a common width. */
function caption(parent, text, width, toolTip = "") {
   const label = new Label(parent);
   label.text = text;
   label.toolTip = toolTip;
   label.textAlignment = TextAlignment.Right | TextAlignment.VertCenter;
   label.setFixedWidth(width);
   return label;
}

/** Lays out items in a row; the one named `wide`, else what follows them, takes the room left. */
function row(items, wide = null) {
   const sizer = new HorizontalSizer;
   sizer.spacing = 6;
   for (const item of items)
      sizer.add(item, item === wide ? 100 : 0);
   if (wide === null)
      sizer.addStretch();
   return sizer;
}

/** Lays out items in a row, as far to the right as they go. */
function rightRow(items) {
   const sizer = new HorizontalSizer;
   sizer.spacing = 6;
   sizer.addStretch();
   for (const item of items)
      sizer.add(item);
   return sizer;
}

/** A box with a title; what lies in it goes into its `sizer`. */
function groupBox(parent, title) {
   return titled(new GroupBox(parent), title);
}

function titled(box, title) {
   box.title = title;
   box.sizer = new VerticalSizer;
   box.sizer.margin = 8;
   box.sizer.spacing = 6;
   return box;
}

function pushButton(parent, text, toolTip, action) {
   const button = new PushButton(parent);
   button.text = text;
   button.toolTip = toolTip;
   button.onClick = action;
   return button;
}

function toolButton(parent, icon, toolTip) {
   const button = new ToolButton(parent);
   button.icon = parent.scaledResource(":/process-interface/" + icon + ".png");
   button.setScaledFixedSize(24, 24);
   button.toolTip = toolTip;
   return button;
}

/** A list of view ids to choose from; `onChosen(id)` is called for the user's choices alone. */
class ViewChooser extends ComboBox {
   constructor(parent, toolTip, empty, onChosen) {
      super(parent);
      this.ids = [];
      this.empty = empty;
      this.filling = false;
      this.toolTip = toolTip;
      this.onItemSelected = (index) => {
         if (!this.filling && index < this.ids.length)
            onChosen(this.ids[index]);
      };
   }

   fill(views, chosen) {
      this.filling = true;
      try {
         this.ids = views.map((view) => view.id);
         this.clear();
         for (const text of this.ids.length > 0 ? this.ids : [this.empty])
            this.addItem(text);
         this.currentItem = Math.max(0, this.ids.indexOf(chosen));
      } finally {
         this.filling = false;
      }
   }
}

/** The widgets of one option: `sizer`, and `show(value)`; `onChanged(value)` on each change. */
function optionRow(parent, p, width, onChanged) {
   if (p.type === "choice")
      return choiceRow(parent, p, width, onChanged);
   return p.auto ? autoRow(parent, p, width, onChanged) : numberRow(parent, p, width, onChanged);
}

function numberRow(parent, p, width, onChanged) {
   const control = new NumericControl(parent);
   control.label.text = p.label;
   control.label.setFixedWidth(width);
   control.label.textAlignment = TextAlignment.Right | TextAlignment.VertCenter;
   control.setRange(p.min, p.max);
   control.slider.setRange(0, Math.round((p.max - p.min) * 10));
   control.setPrecision(p.digits);
   control.toolTip = p.help;
   control.onValueUpdated = (value) => onChanged(value);
   return { sizer: row([control], control), show: (value) => control.setValue(value) };
}

function autoRow(parent, p, width, onChanged) {
   const spin = new SpinBox(parent);
   spin.setRange(p.min - 1, p.max);
   spin.minimumValueText = "auto";
   spin.suffix = " " + p.unit;
   spin.toolTip = p.help;
   spin.onValueUpdated = (value) => onChanged(value < p.min ? "auto" : value);
   return {
      sizer: row([caption(parent, p.label, width, p.help), spin]),
      show: (value) => { spin.value = value === "auto" ? p.min - 1 : value; }
   };
}

function choiceRow(parent, p, width, onChanged) {
   const combo = new ComboBox(parent);
   p.choices.forEach(([, text]) => combo.addItem(text));
   combo.toolTip = p.help;
   combo.onItemSelected = (index) => onChanged(p.choices[index][0]);
   return {
      sizer: row([caption(parent, p.label, width, p.help), combo]),
      show: (value) => { combo.currentItem = p.choices.findIndex(([word]) => word === value); }
   };
}
