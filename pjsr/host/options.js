// The options of the work: a row each, the rarer ones behind a check box.

class OptionsPane extends Control {
   /** `onChanged(key, value)` hears of allowed values, `onResized()` of rarer options shown or hidden. */
   constructor(parent, captionWidth, onChanged, onResized) {
      super(parent);
      this.rows = {};
      this.sizer = new VerticalSizer;
      this.sizer.spacing = 6;
      const advanced = new Control(this);
      advanced.sizer = new VerticalSizer;
      advanced.sizer.spacing = 6;
      for (const p of PARAMETERS) {
         const home = p.advanced ? advanced : this;
         const option = optionRow(home, p, captionWidth, (value) => onChanged(p.key, clampedValue(p, value)));
         this.rows[p.key] = option;
         home.sizer.add(option.sizer);
      }
      const more = new CheckBox(this);
      more.text = "More options";
      more.toolTip = "The bias, how the dust mask grows, what is kept of Gemini's finds, and whether the flat is a color mosaic.";
      more.onCheck = (checked) => {
         advanced.visible = checked;
         onResized();
      };
      advanced.hide();
      this.sizer.add(row([caption(this, "", captionWidth), more]));
      this.sizer.add(advanced);
   }

   show(options) {
      for (const [key, option] of Object.entries(this.rows))
         option.show(options[key]);
   }
}
