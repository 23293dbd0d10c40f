// A dialog class that the scripts of the dialog tests begin with.

export const DIALOG = `class D extends Dialog
{
   constructor( title = "Test" )
   {
      super();
      this.windowTitle = title;
      this.sizer = new VerticalSizer;
      this.sizer.margin = 8;
      this.sizer.spacing = 6;
      this.label = new Label( this );
      this.label.text = "Status: idle";
      this.sizer.add( this.label );
   }
   button( text, work )
   {
      const b = new PushButton( this );
      b.text = text;
      b.onClick = work;
      this.sizer.add( b );
      return b;
   }
}
const work = n => { const end = Date.now() + n; while ( Date.now() < end ) { CoreApplication.processEvents(); System.msleep( 5 ); } };
`;
