import assert from "node:assert/strict";
import { test } from "node:test";
import { DIALOG } from "./dialogs.mjs";
import { stage } from "./stage.mjs";

test( "trap 12: value events come while the dialog is being built", () =>
{
   const source = DIALOG + `class E extends D { constructor()
   {
      super();
      const nc = new NumericControl( this );
      nc.onValueUpdated = v => { console.writeln( "nc ", v, " ", this.later === undefined ); }; nc.setRange( 0, 10 );
      nc.setValue( 4 );
      const c = new ComboBox( this ); c.onItemSelected = i => { console.writeln( "combo ", i ); }; c.addItem( "a" );
      c.addItem( "b" ); c.currentItem = 1;
      const s = new SpinBox( this ); s.onValueUpdated = v => { console.writeln( "spin ", v ); }; s.setRange( 5, 9 );
      const k = new CheckBox( this ); k.onCheck = on => { console.writeln( "check ", on ); }; k.checked = true;
      k.checked = true;
      this.later = new Label( this );
   } }
   const d = new E; d.onExecute = () => { d.later.text = "x"; d.cancel(); }; d.execute();`;
   assert.deepEqual( stage().lines( source ), [ "nc 4 true", "combo 0", "combo 1", "spin 5", "check true" ] );
   assert.equal( stage( { quirks: { programmaticEvents: "never" } } ).run( source ).console, "" );
   assert.throws( () => stage().run( DIALOG + "const d = new D; const s = new SpinBox( d ); s.onValueUpdated = v => d.other.update( v ); s.value = 3; d.other = 1;" ), /SpinBox.onValueUpdated .* threw/ );
} );

test( "trap 46: processEvents re-enters handlers: a second click starts a second job", () =>
{
   const source = guard => DIALOG + `const d = new D; let deep = 0;
      const b = d.button( "Run", () => { ${guard} ++deep; console.writeln( "in ", deep ); work( 60 ); --deep;
      ${guard && "b.enabled = true;"} } );
      d.button( "Close", () => d.ok() ); d.execute();`;
   const user = function*( ui )
   {
      yield ui.dialog( "Test" );
      yield ui.doubleClick( "Run" );
      yield ui.until( () => ui.enabled( "Run" ) );
      yield ui.seconds( 0.3 );
      yield ui.click( "Close" );
   };
   assert.deepEqual( stage().lines( source( "" ), { user } ), [ "in 1", "in 2" ] );
   assert.deepEqual( stage().lines( source( "b.enabled = false;" ), { user } ), [ "in 1" ] );
} );

test( "trap 46: the user cancels, closes windows and the dialog while the script works", () =>
{
   const { host, lines } = stage();
   host.newWindow( { id: "Flat", width: 4, height: 4, samples: 0.5 } );
   const source = DIALOG + `const d = new D; let cancelled = false; d.onHide = () => { cancelled = true; };
      d.button( "Run", () => { const w = ImageWindow.windowById( "Flat" ); while ( !cancelled ) work( 10 );
      console.writeln( w.isNull, " ", ImageWindow.windowById( "Flat" ).isNull ); } );
      console.writeln( d.execute() );`;
   assert.deepEqual( lines( source, { *user( ui )
   {
      const dialog = yield ui.dialog( "Test" );
      yield ui.click( "Run" );
      host.userClose( "Flat" );
      yield ui.close( dialog );
   } } ), [ "true true", "0" ] );
} );

test( "trap 47: a timer counts seconds, fires in a modal dialog and is dead after the script", () =>
{
   const { host, lines, run } = stage();
   const source = interval => DIALOG + `const t = new Timer; t.interval = ${interval}; t.periodic = true; let n = 0;
      const d = new D; t.onTimeout = function() { console.writeln( "tick ", this.count, " ", this === t );
      if ( ++n == 2 ) d.ok(); }; t.start(); console.writeln( d.execute() );`;
   assert.deepEqual( lines( source( 0.05 ) ), [ "tick 1 true", "tick 2 true", "1" ] );
   assert.equal( host.timers.active, false );
   assert.equal( run( "CoreApplication.processEvents(); System.msleep( 120 ); CoreApplication.processEvents();" ).console, "" );
   assert.throws( () => run( source( 1000 ), { seconds: 0.5 } ), /took longer than 0.5 s/ ); // milliseconds meant, seconds got
} );

test( "trap 48: the console eats what looks like a tag", () =>
{
   const { console: text } = stage().run( `console.writeln( "a <b>bold</b> <script.js> 1 < 2 &lt;ok&gt; &amp; <raw><kept> &lt;</raw>" );
      console.write( 1, "x", true ); console.noteln( "n<br>m" );` );
   assert.equal( text, "a bold  1 < 2 <ok> & <kept> &lt;\n1xtruen\nm\n" );
} );

test( "dialogs: execute gives the code, fires its events in order, and can be run again", () =>
{
   const source = DIALOG + `const d = new D;
      for ( const name of [ "onShow", "onExecute", "onHide", "onReturn" ] ) d[name] = x => console.writeln( name, " ", x );
      d.button( "OK", () => d.ok() ); console.writeln( d.execute() == StdDialogCode.Ok, d.isModal, d.visible );
      console.writeln( d.execute() == StdDialogCode.Cancel );`;
   assert.deepEqual( stage().lines( source, { *user( ui )
   {
      yield ui.dialog();
      yield ui.click( "OK" );
      yield ui.press( "Escape" );
   } } ), [ "onShow undefined", "onExecute undefined", "onHide undefined", "onReturn 1", "truefalsefalse", "onShow undefined", "onExecute undefined", "onHide undefined", "onReturn 0", "true" ] );
} );

test( "dialogs: a shown progress window is used while the script pumps events", () =>
{
   const source = DIALOG + `const d = new D( "Progress" ); let stop = false; d.onHide = () => { stop = true; };
      d.button( "Cancel", () => { stop = true; } ); d.show();
      let n = 0; while ( !stop ) { d.label.text = "step " + ++n; CoreApplication.processEvents(); System.msleep( 2 );
      } d.hide(); console.writeln( "stopped" );`;
   for ( const how of [ ui => ui.click( "Cancel" ), ui => ui.close() ] )
      assert.deepEqual( stage().lines( source, { *user( ui )
      {
         yield ui.dialog( "Progress" );
         yield ui.until( () => ui.exists( "step 5" ) );
         yield how( ui );
      } } ), [ "stopped" ] );
} );

test( "dialogs: abort is pressed on a shown console that allows it", () =>
{
   const { lines } = stage();
   assert.deepEqual( lines( "console.show(); console.abortEnabled = true; while ( !console.abortRequested ) CoreApplication.processEvents(); console.writeln( \"aborted\" );",
      { *user( ui ) { yield ui.tick(); yield ui.pressAbort(); } } ), [ "aborted" ] );
   assert.throws( () => lines( "CoreApplication.processEvents();", { *user( ui ) { yield ui.pressAbort(); } } ), /no Abort button/ );
} );

test( "dialogs: what nobody answers fails at once, and so does a user left waiting", () =>
{
   const { run } = stage();
   const start = performance.now();
   assert.throws( () => run( "(new MessageBox( \"Hello\", \"Box\" )).execute();" ), /nobody answers the message 'Box: Hello'/ );
   assert.throws( () => run( DIALOG + "try { (new D( \"Alone\" )).execute(); } catch ( e ) {} finally { console.writeln( 1 ); }" ), /nobody answers the dialog 'Alone'/ );
   assert.throws( () => run( "1;", { *user( ui ) { yield ui.dialog( "Never" ); } } ), /the user waited until the script ended for a dialog 'Never'/ );
   assert.throws( () => run( DIALOG + "(new D).execute();", { *user( ui ) { yield ui.dialog(); yield ui.until( () => false, { what: "a miracle", seconds: 0.05 } ); } } ),
      /waited in vain for a miracle[\s\S]*Status: idle/ );
   assert.throws( () => run( DIALOG + "(new D).execute();", { *user( ui ) { yield ui.dialog(); assert.equal( 1, 2, "the test's own" ); } } ), /the test's own/ );
   assert.throws( () => run( "for (;;);", { seconds: 0.1 } ), /timed out|took longer/ );
   assert.ok( performance.now() - start < 9000 );
} );

test( "dialogs: an error in a handler ends the run even if the script catches it, or goes to the console by quirk", () =>
{
   const source = DIALOG + "const d = new D; d.button( \"Go\", () => { throw new Error( \"oops\" ); } ); try { d.execute(); } catch ( e ) {}";
   const user = function*( ui ) { yield ui.dialog(); yield ui.click( "Go" ); yield ui.close(); };
   assert.throws( () => stage().run( source, { user } ), /PushButton.onClick \(Go\) threw: oops[\s\S]*script\.js/ );
   assert.equal( stage( { quirks: { handlerErrors: "console" } } ).run( source, { user } ).console, "*** Error: oops\n" );
} );
