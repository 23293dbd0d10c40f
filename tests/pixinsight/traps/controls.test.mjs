import assert from "node:assert/strict";
import { test } from "node:test";
import { DIALOG } from "./dialogs.mjs";
import { stage } from "./stage.mjs";

test( "dialogs: message boxes and file dialogs are answered, and block what is behind them", () =>
{
   const { lines, run } = stage();
   const source = DIALOG + `const d = new D; d.button( "Ask", () => {
      const o = new OpenFileDialog; o.caption = "Open flats"; o.filters = [ [ "FITS", "*.fits", "*.fit" ] ];
      o.multipleSelections = true;
      console.writeln( o.execute(), " ", o.fileNames.length, " ", o.fileName ); console.writeln( o.execute() );
      const b = (new MessageBox( "Sure?", "FlatBridge", StdIcon.Question, StdButton.Yes, StdButton.No )).execute();
      console.writeln( b == StdButton.No ); d.ok(); } ); d.execute();`;
   const user = last => function*( ui )
   {
      yield ui.dialog();
      yield ui.click( "Ask" );
      const box = yield ui.fileDialog( "Open flats" );
      assert.deepEqual( box.filters, [ [ "FITS", "*.fits", "*.fit" ] ] );
      yield ui.chooseFiles( [ "/a/1.fits", "/a/2.fits" ] );
      yield ui.fileDialog();
      yield ui.cancelFiles();
      const { buttons, caption } = yield ui.messageBox( "Sure" );
      assert.deepEqual( [ caption, buttons ], [ "FlatBridge", [ "Yes", "No" ] ] );
      yield last( ui );
   };
   assert.deepEqual( lines( source, { user: user( ui => ui.answer( "No" ) ) } ), [ "true 2 /a/1.fits", "false", "true" ] );
   assert.throws( () => run( source, { user: user( ui => ui.click( "Ask" ) ) } ), /PushButton 'Ask' is behind 'FlatBridge'/ );
   assert.throws( () => run( source, { user: user( ui => ui.answer( "Maybe" ) ) } ), /no button 'Maybe', only Yes, No/ );
} );

test( "dialogs: disabled, hidden and unplaced controls cannot be used", () =>
{
   const { run } = stage();
   const source = how => DIALOG + `const d = new D; const b = d.button( "Go", () => d.ok() ); ${how} d.execute();`;
   const user = function*( ui ) { yield ui.dialog(); yield ui.click( "Go" ); };
   run( source( "" ), { user } );
   assert.throws( () => run( source( "b.enabled = false;" ), { user } ), /'Go' is disabled/ );
   assert.throws( () => run( source( "d.enabled = false;" ), { user } ), /'Go' is disabled/ );
   assert.throws( () => run( source( "b.visible = false;" ), { user } ), /nothing to click is 'Go'/ );
   assert.throws( () => run( source( "d.sizer.remove( b );" ), { user } ), /'Go' lies in no sizer/ );
   assert.throws( () => run( DIALOG + "const d = new D; const l = new Label; d.sizer.add( l );" ), /created without a parent control/ );
} );

test( "dialogs: SectionBar came from a header that V8 scripts are told not to include", () =>
{
   assert.throws( () => stage().run( DIALOG + "new SectionBar( new D, \"More\" );" ), /SectionBar is not defined/ );
} );

test( "dialogs: every kind of control is found and used as a person would", () =>
{
   const { host, lines } = stage( { quirks: { sectionBar: true } } );
   host.newWindow( { id: "Light", width: 4, height: 4, samples: 0.5 } );
   let page;
   const source = DIALOG + `const d = new D; const say = ( ...v ) => console.writeln( ...v );
      const row = ( name, control ) => { const s = new HorizontalSizer; const l = new Label( d ); l.text = name;
      s.add( l ); s.add( control, 100 ); d.sizer.add( s ); return control; };
      const e = row( "Path:", new Edit( d ) ); e.onTextUpdated = t => say( "edit ", t );
      const s = row( "Dilate:", new SpinBox( d ) ); s.setRange( 0, 50 ); s.onValueUpdated = v => say( "spin ", v );
      const c = row( "Engine:", new ComboBox( d ) ); c.addItem( "local" ); c.addItem( "Gemini" );
      c.onItemSelected = i => say( "combo ", i, " ", c.itemText( i ) );
      const v = row( "Image:", new ViewList( d ) ); v.getMainViews(); v.onViewSelected = w => say( "view ", w ? w.id : w );
      const k = new CheckBox( d ); k.text = "Force"; k.onCheck = on => say( "check ", on ); d.sizer.add( k );
      const r = [ "One", "Two" ].map( t => { const b = new RadioButton( d ); b.text = t;
      b.onCheck = on => say( t, " ", on ); d.sizer.add( b ); return b; } ); r[0].checked = true;
      const n = new NumericControl( d ); n.label.text = "Sigma:"; n.real = true; n.setRange( 1, 9 );
      n.slider.setRange( 0, 100 ); n.setPrecision( 1 ); n.onValueUpdated = x => say( "sigma ", x ); d.sizer.add( n );
      const t = new TreeBox( d ); t.numberOfColumns = 2; t.setHeaderText( 0, "Id" );
      for ( const x of [ "a", "b" ] ) { const q = new TreeBoxNode( t ); q.setText( 0, x ); q.setText( 1, "dust" );
      q.checkable = true; }
      t.onNodeClicked = ( q, col ) => say( "row ", q.text( 0 ), col ); t.onNodeUpdated = q => say( "ticked ", q.checked );
      d.sizer.add( t );
      const g = new GroupBox( d ); g.title = "More"; g.titleCheckBox = true; g.sizer = new VerticalSizer;
      const inner = new PushButton( d ); inner.text = "Inner"; inner.onClick = () => say( "inner" ); g.sizer.add( inner );
      d.sizer.add( g );
      const box = new TabBox( d ); for ( const x of [ "First", "Second" ] ) { const p = new Control( box );
      p.sizer = new VerticalSizer; const b = new PushButton( p ); b.text = "On " + x; b.onClick = () => say( "page ", x );
      p.sizer.add( b ); box.addPage( p, x ); } d.sizer.add( box );
      const section = new Control( d ); section.sizer = new VerticalSizer; const deep = new Label( section );
      deep.text = "hidden text"; section.sizer.add( deep ); section.visible = false;
      const bar = new SectionBar( d, "Advanced" ); bar.setSection( section ); d.sizer.add( bar ); d.sizer.add( section );
      const tool = new ToolButton( d ); tool.icon = d.scaledResource( ":/process-interface/new-instance.png" );
      tool.toolTip = "New Instance"; tool.onMousePress = function() { this.hasFocus = true; this.pushed = false;
      say( "instance" ); }; d.sizer.add( tool );
      const pic = new Control( d ); pic.toolTip = "Preview"; pic.setFixedSize( 40, 30 );
      pic.onMousePress = ( x, y, b ) => say( "down ", x, ",", y, " ", b ); pic.onMouseMove = ( x, y ) => say( "move ", x );
      pic.onMouseRelease = () => say( "up" );
      pic.onMouseWheel = ( x, y, z ) => say( "wheel ", z );
      pic.onPaint = ( x0, y0, x1, y1 ) => say( "paint ", x1, "x", y1 ); d.sizer.add( pic );
      d.adjustToContents(); d.execute();`;
   const out = lines( source, { *user( ui )
   {
      yield ui.dialog( "Test" );
      yield ui.type( "Path:", "/x" );
      yield ui.setValue( "Dilate:", 12 );
      yield ui.choose( "Engine:", "Gemini" );
      yield ui.chooseView( "Image:", "Light" );
      yield ui.check( "Force" );
      yield ui.check( "Force" );
      yield ui.click( "Two" );
      yield ui.setValue( "Sigma:", 2.55 );
      yield ui.setValue( { type: "HorizontalSlider" }, 100 );
      yield ui.chooseNode( { type: "TreeBox" }, "b" );
      yield ui.checkNode( { type: "TreeBox" }, "a" );
      yield ui.click( "Inner" );
      yield ui.check( "More", false );
      assert.equal( ui.enabled( "Inner" ), false );
      yield ui.click( "On First" );
      yield ui.selectPage( "Second" );
      assert.equal( ui.exists( "On First" ), false );
      yield ui.click( "On Second" );
      assert.equal( ui.exists( "hidden text" ), false );
      yield ui.toggleSection( "Advanced" );
      assert.equal( ui.text( "hidden text" ), "hidden text" );
      yield ui.click( "New Instance" );
      yield ui.drag( "Preview", [ [ 1, 2 ], [ 5, 6 ], [ 9, 9 ] ] );
      yield ui.wheel( "Preview", 3, 3, -120 );
      page = ui.draw();
      yield ui.close();
   } } );
   assert.deepEqual( out, [ "One true", "paint 40x30", "edit /x", "spin 12", "combo 1 Gemini", "view Light", "check true", "One false", "Two true", "sigma 2.5", "sigma 9", "row b0", "ticked true",
      "inner", "page First", "page Second", "instance", "down 1,2 1", "move 5", "move 9", "up", "wheel -120" ] );
   assert.match( page, /Gemini[\s\S]*Advanced/ );
   assert.doesNotMatch( page, /On First/ );
} );

test( "dialogs: a drawing shows derived and painted controls as what they are", () =>
{
   let page;
   stage().run( DIALOG + `class Chooser extends ComboBox { constructor( p ) { super( p ); this.addItem( "one" ); } }
      class Bar extends Control { constructor( p ) { super( p ); this.setFixedSize( 30, 10 ); this.onPaint = () =>
      { const g = new Graphics( this ); g.fillRect( 0, 0, 30, 10, new Brush( 0xffff0000 ) ); g.end(); }; } }
      const d = new D; d.sizer.add( new Chooser( d ) ); d.sizer.add( new Bar( d ) ); d.adjustToContents(); d.execute();`,
   { *user( ui ) { yield ui.dialog(); yield ui.tick(); page = ui.draw(); yield ui.close(); } } );
   assert.match( page, /class="c ComboBox [^>]*>▾ one</ );
   assert.match( page, /class="c Control [^>]*><img alt="" src="data:image\/png;base64,iVBOR/ );
} );

test( "dialogs: boxes share the space, and what does not fit is told", () =>
{
   let tree;
   stage().run( DIALOG + `const d = new D; const h = new HorizontalSizer; h.spacing = 4;
      for ( const [ text, stretch ] of [ [ "A", 0 ], [ "B", 100 ] ] ) { const l = new Label( d ); l.text = text;
      l.setScaledMinWidth( 50 ); h.add( l, stretch ); }
      d.sizer.add( h ); const tight = new Label( d ); tight.text = "far too long for its place"; tight.setFixedWidth( 20 );
      d.sizer.add( tight ); const lost = new PushButton( d ); lost.text = "Lost"; d.setFixedSize( 300, 200 ); d.execute();`,
   { *user( ui, host ) { tree = host.describe( yield ui.dialog() ); yield ui.close(); } } );
   const [ , a, b, tight, lost ] = tree.children;
   assert.deepEqual( [ tree.rect.width, tree.rect.height ], [ 300, 200 ] );
   assert.deepEqual( [ a.rect.x, a.rect.width, b.rect.x, b.rect.width ], [ 8, 50, 62, 230 ] );
   assert.deepEqual( [ a.clipped, tight.clipped, a.unplaced, lost.unplaced ], [ false, true, false, true ] );
} );

test( "dialogs: properties keep their types, handlers must be functions", () =>
{
   const { run, lines } = stage();
   for ( const [ source, message ] of [
      [ "l.text = 5", /a string is expected/ ],
      [ "l.enabled = undefined", /a boolean is expected/ ],
      [ "d.sizer.margin = \"8\"", /size is expected/ ],
      [ "d.onShow = 3", /a Function is expected/ ],
      [ "new Label( 5 )", /parent must be a Control/ ],
      [ "d.sizer.add( null )", /a Control or a Sizer/ ],
      [ "d.sizer.add( d.label )", /there already/ ] ] )
      assert.throws( () => run( DIALOG + `const d = new D; const l = new Label( d ); ${source};` ), message );
   assert.deepEqual( lines( DIALOG + `const d = new D;
      const b = new PushButton( d.label );
      console.writeln( b.dialog === d, b.parent === d.label, b.window === d, d.font.width( "MMM" ) > 9 );` ), [ "truetruetruetrue" ] );
} );
