import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { featureId } from "../host/preprocess/preprocessor.mjs";
import { stripComments } from "../host/preprocess/scan.mjs";
import { stage } from "./stage.mjs";

const NO_SM = /The legacy 'sm' JavaScript engine is not available in this PixInsight build/;

test( "trap 1: without #engine v8 at the top the script falls to SpiderMonkey, or does not load at all", () =>
{
   const late = { missing: "1;", afterFeature: "#feature-id X : Y\n#engine v8\n", afterCode: "var x;\n#engine v8\n",
      farDown: "//" + " ".repeat( 4000 ) + "\n#engine v8\n" };
   for ( const [ name, source ] of Object.entries( late ) )
   {
      assert.throws( () => stage().run( source, { bare: true } ), /SpiderMonkey/, name );
      assert.throws( () => stage( { quirks: { legacyEngine: false } } ).run( source, { bare: true } ), NO_SM, name );
   }
   const header = "// licence\n".repeat( 90 );
   for ( const source of [ "#engine v8\n", header + "#engine v8-new\n", "\n/* x */\n#engine v8\n#feature-id X : Y\n" ] )
      assert.deepEqual( stage().lines( source + "console.writeln( 1 );", { bare: true } ), [ "1" ] );
   assert.throws( () => stage( { version: [ 1, 9, 3 ] } ).run( "1;" ), /#engine/ );
} );

test( "trap 2: a slash-star inside a line comment empties the script without an error", () =>
{
   const { run } = stage();
   assert.equal( run( "console.writeln( 'before' );\n// see files/*.fits\nconsole.writeln( 'after' );\n" ).console, "" );
   assert.equal( run( "console.write( 1 );\n// see files/*.fits\nconsole.write( 2 );\n/* note */\nconsole.write( 3 );\n" ).console, "13" );
   assert.equal( run( "console.write( '/*', 'a//b', `/*` ); // fine\n" ).console, "/*a//b/*" );
   assert.equal( stripComments( "a = /[/*]/;\nb" ).text, "\n" ); // in a regular expression it opens one too
} );

test( "trap 3: __base__ inheritance gives a plain object without dialog methods", () =>
{
   assert.deepEqual( stage().lines( `function Old() { this.__base__ = Dialog; this.__base__(); this.windowTitle = "x"; }
      Old.prototype = new Dialog;
      const d = new Old;
      console.writeln( typeof d.execute, " ", typeof d.sizer, " ", d.windowTitle );
      try { class New extends Dialog {} New.prototype = new Dialog; console.writeln( "assigned" ); }
      catch ( e ) { console.writeln( e instanceof TypeError ); }` ), [ "undefined undefined x", "assigned" ] );
   assert.throws( () => stage().run( "\"use strict\"; class New extends Dialog {} New.prototype = new Dialog;" ), TypeError.name );
} );

test( "trap 4: flat constants without a header are ReferenceErrors, when their line is reached", () =>
{
   const { run, lines } = stage();
   for ( const name of [ "StdIcon_Error", "UndoFlag_NoSwapFile", "DataType_String", "StdButton_Ok" ] )
   {
      assert.throws( () => run( `const x = ${name};` ), new RegExp( `${name} is not defined` ) );
      run( `if ( false ) ${name};` );
   }
   assert.deepEqual( lines( "#include <pjsr/StdIcon.jsh>\nconsole.writeln( StdIcon_Error, StdIcon.Error, DataType.String );" ), [ "4413" ] );
   assert.throws( () => run( "StdIcon.Eror;" ), /StdIcon has no member 'Eror'/ );
   assert.throws( () => run( "\"use strict\"; StdIcon.Error = 5;" ), /StdIcon.Error cannot be assigned/ );
} );

test( "what a script catches is an error of its own realm, unknown and read-only members included", () =>
{
   assert.deepEqual( stage().lines( `const d = new Dialog; const caught = f => { try { f(); return "nothing"; }
      catch ( e ) { return e instanceof TypeError && e.constructor === TypeError && e instanceof Error; } };
      for ( const f of [ () => d.nosuch, () => { d.nosuch = 1; }, () => { d.execute = 1; }, () => Dialog.nosuch,
         () => { new Image().width = 5; }, () => File.nosuch(), () => StdIcon.Eror ] ) console.writeln( caught( f ) );` ),
   Array( 7 ).fill( "true" ) );
} );

test( "trap 5: SampleType and TextAlign have other names", () =>
{
   const { run, lines } = stage();
   for ( const name of [ "SampleType", "TextAlign", "Interpolation", "Key", "ReadTextOptions", "MorphOp" ] )
      assert.throws( () => run( `${name}.Left;` ), new RegExp( `${name} is not defined` ) );
   assert.deepEqual( lines( "console.writeln( PixelSampleType.Real, TextAlignment.Left, InterpolationAlgorithm.Bilinear );" ), [ "111" ] );
} );

test( "trap 7: headers of classes that are native now are declared already", () =>
{
   const { run } = stage();
   for ( const header of [ "Sizer", "NumericControl", "Color" ] )
      assert.throws( () => run( `#include <pjsr/${header}.jsh>\n` ), /already been declared/ );
   assert.throws( () => run( "#include <pjsr/Nothing.jsh>\n" ), /not emulated/ );
} );

test( "trap 9: a class declared twice in a persistent runtime is an error", () =>
{
   for ( const engine of [ "v8-default", "v8-private" ] )
   {
      const { run } = stage();
      const source = `#engine ${engine}\nclass X {}\n`;
      run( source, { bare: true } );
      assert.throws( () => run( source, { bare: true } ), /'X' has already been declared/ );
      run( `#engine ${engine}\nvar Y = class {}\n`, { bare: true, name: "other.js" } );
      run( `#engine ${engine}\nvar Y = class {}\n`, { bare: true, name: "other.js" } );
   }
   const { run } = stage();
   run( "class X {}" );
   run( "class X {}" );
} );

test( "trap 11: gc() does nothing but warn once", () =>
{
   const { console: text } = stage().run( "console.writeln( gc() ); gc();" );
   assert.equal( text.match( /gc\(\) is deprecated/g ).length, 1 );
} );

test( "trap 13: thrown values may be Strings", () =>
{
   assert.equal( stage().run( "throw \"plain\";", { expectError: true } ).error, "plain" );
} );

test( "trap 52: an edited signed script is refused, an unsigned one runs", () =>
{
   const { host, write } = stage();
   const path = write( "signed.js", "#engine v8\nconsole.writeln( 1 );\n" );
   host.run( path );
   host.sign( path );
   host.run( path );
   write( "signed.js", readFileSync( path, "utf8" ) + "// edited\n" );
   assert.throws( () => host.run( path ), /Invalid code signature/ );
} );

test( "trap 53: a process icon refuses an updated script until its checksum is cleared", () =>
{
   const { host, write } = stage();
   const source = version => `#engine v8\nif ( Parameters.isGlobalTarget ) console.writeln( "${version} ", Parameters.getReal( "x" ) );
      else { Parameters.set( "x", 1.5 ); (new Dialog).newInstance(); }\n`;
   const path = write( "icon.js", source( "old" ) );
   const [ icon ] = host.run( path ).icons;
   assert.equal( host.runIcon( icon ).console, "old 1.5\n" );
   write( "icon.js", source( "new" ) );
   assert.throws( () => host.runIcon( icon ), /modified/ );
   assert.equal( host.runIcon( { ...icon, md5: "" } ).console, "new 1.5\n" );
} );

test( "loading: includes share one scope, macros and conditions work, private fields are left alone", () =>
{
   const { lines, write, folder } = stage();
   write( "part.js", "#define TWICE 2*BASE\nconst where = #__FILE__;\nlet counter = 1;\n" );
   assert.deepEqual( lines( `#define BASE 21
#define FLAG
#include "part.js"
class Secret { #hidden = 7; get hidden() { return this.#hidden; } }
console.writeln( TWICE, " BASE ", "x.BASE".length, " ", (new Secret).hidden, " ", ++counter );
console.writeln( where, " ", #__FILE__ );
#ifdef FLAG
#ifeq __PI_PLATFORM__ LINUX
console.writeln( "linux" );
#else
console.writeln( "other" );
#endif
#else
no such code (
#endif
#iflt __PI_MINOR__ 9
console.writeln( "old" );
#endif
#ifoneof __PI_PLATFORM__ MACOSX LINUX
console.writeln( __PI_MAJOR__ + __PI_MINOR__ );
#endif
#undef FLAG
#ifndef FLAG
console.writeln( "no flag" );
#endif` ), [ "42 BASE 6 7 2", `${folder}/part.js ${folder}/script.js`.replaceAll( "\\", "/" ), "linux", "10", "no flag" ] );
   assert.throws( () => lines( "#error too old\n" ), /too old/ );
   assert.throws( () => lines( "#ifdef X\n" ), /without #endif/ );
} );

test( "loading: errors name the line of the file they stand in", () =>
{
   const { run, write } = stage();
   write( "part.js", "\n\nfunction boom() { throw new Error( 'x' ); }\n" );
   const { error } = run( "#include \"part.js\"\n\nboom();\n", { expectError: true } );
   assert.match( error.stack, /part\.js:3/ );
   assert.match( error.stack, /script\.js:4/ );
   assert.match( run( "\n\nlet let = 1;\n", { expectError: true } ).error.stack, /script\.js:4/ );
} );

test( "loading: feature ids name their menus", () =>
{
   assert.deepEqual( featureId( "FlatBridge : Image Calibration > FlatBridge | Utilities > FlatBridge" ),
      { id: "FlatBridge", entries: [ [ "Image Calibration", "FlatBridge" ], [ "Utilities", "FlatBridge" ] ] } );
} );

test( "loading: the context holds JavaScript and PixInsight, nothing of Node", () =>
{
   assert.deepEqual( stage().lines( `for ( const name of [ "setTimeout", "fetch", "require", "process", "Buffer", "XMLHttpRequest", "module", "URL", "TextDecoder" ] )
      if ( name in globalThis ) console.writeln( name );
      console.writeln( [] instanceof Array, File.readLines( #__FILE__ ) instanceof Array, (new ByteArray( 4 )).toFloat32Array() instanceof Float32Array );
      try { File.readFile( "/none" ); } catch ( e ) { console.writeln( e instanceof Error ); }` ), [ "truetruetrue", "true" ] );
} );

test( "loading: members nobody knows throw, in reading, calling, setting and on classes", () =>
{
   const { run, lines } = stage();
   for ( const [ source, message ] of [
      [ "File.sise;", /File has no member 'sise'/ ],
      [ "(new Timer).begin();", /Timer has no member 'begin'/ ],
      [ "class D extends Dialog {} (new D).adjustToContent();", /D has no member 'adjustToContent'/ ],
      [ "const d = new Dialog; const l = new Label( d ); l.txt = 1;", /Label has no member 'txt'/ ],
      [ "(new ByteArray( 3 ))[0];", /ByteArray has no member '0'/ ],
      [ "(new Dialog).execute = 1;", /execute is a method/ ],
      [ "(new ByteArray( 3 )).length = 1;", /length is read-only/ ] ] )
      assert.throws( () => run( source ), message );
   assert.deepEqual( lines( `class D extends Dialog { constructor() { super(); if ( !this.later ) this.later = 1; this.other = 2; } }
      const d = new D; console.writeln( d.later + d.other );
      const t = new NetworkTransfer; t.payload = 5; console.writeln( t.payload );` ), [ "3", "5" ] );
} );

test( "loading: ensureMinimumVersion and the deprecated helpers", () =>
{
   const { run, lines } = stage();
   run( "CoreApplication.ensureMinimumVersion( 1, 9, 4 ); CoreApplication.ensureMinimumVersion( 1, 9, 5 );" );
   assert.throws( () => run( "CoreApplication.ensureMinimumVersion( 1, 10, 0 );" ), /requires PixInsight version 1.10.0/ );
   assert.match( lines( "msleep( 1 ); msleep( 1 ); console.writeln( corePlatform );" ).join( "\n" ), /^.*msleep.*\n.*corePlatform.*\nLinux$/ );
   assert.deepEqual( lines( "console.writeln( format( \"|%5.2f|%-4d|%04d|%s|%e|%g|%x|%%\", Math.PI, 7, -42, \"a\", 12345.678, 0.0001, 255 ) );" ),
      [ "| 3.14|7   |-042|a|1.234568e+04|0.0001|ff|%" ] );
} );
