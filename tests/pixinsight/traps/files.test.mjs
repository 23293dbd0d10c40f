import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stage } from "./stage.mjs";

test( "trap 30: extractDirectory loses the drive; copyFile takes the target first", () =>
{
   const { lines, folder, write } = stage();
   write( "a.txt", "A" );
   assert.deepEqual( lines( `const p = "C:/data/flats/dust.v2.fits";
      console.writeln( File.extractDrive( p ), "|", File.extractDirectory( p ), "|", File.extractName( p ), "|", File.extractExtension( p ), "|", File.extractNameAndExtension( p ) );
      console.writeln( File.extractDirectory( "C:/x.fits" ), "|", File.extractDirectory( "/x" ), "|", File.extractDirectory( "x" ), "|", File.changeExtension( p, ".tif" ) );
      File.copyFile( "${folder}/b.txt", "${folder}/a.txt" );` ), [ "C:|/data/flats|dust.v2|.fits|dust.v2.fits", "/|/||C:/data/flats/dust.v2.tif" ] );
   assert.equal( readFileSync( join( folder, "b.txt" ), "utf8" ), "A" );
   assert.throws( () => stage().run( `File.copyFile( "${folder}/a.txt", "${folder}/missing.txt" );` ), /No such file/ );
} );

test( "trap 30: on Windows a path without its drive leads elsewhere", () =>
{
   const { lines, run, host } = stage( { platform: "Windows" } );
   assert.deepEqual( lines( `const p = File.systemTempDirectory + "/x.txt";
      File.writeTextFile( p, "there" );
      console.writeln( p.slice( 0, 3 ), " ", File.exists( p ), " ", File.exists( File.extractDirectory( p ) + "/x.txt" ), " ",
         File.exists( File.extractDrive( p ) + File.extractDirectory( p ) + "/x.txt" ), " ", File.readTextFile( p.replaceAll( "/", "\\\\" ) ) );` ),
   [ "C:/ true false true there" ] );
   assert.ok( existsSync( join( host.tempFolder, "x.txt" ) ) );
   assert.throws( () => run( "File.writeTextFile( \"/x.txt\", \"\" );" ), /Unable to write/ );
} );

test( "files: on Windows what is open can be neither removed nor moved", () =>
{
   const source = `const p = File.systemTempDirectory + "/x.fits", gone = () => { try { File.remove( p ); } catch ( e ) {} return !File.exists( p ); };
      const f = new File; f.createForWriting( p ); const told = [ gone() ]; f.close(); told.push( gone() );
      const g = new FileFormatInstance( new FileFormat( ".fits", false, true ) ); g.create( p, "" );
      told.push( gone() ); g.close(); told.push( gone() );
      console.writeln( told.join() );`;
   assert.deepEqual( stage( { platform: "Windows" } ).lines( source ), [ "false,true,false,true" ] );
} );

test( "trap 51: fixed temporary names collide between instances, unique ones do not", () =>
{
   const one = stage();
   const two = stage( { home: one.host.home } );
   const source = name => `const p = ${name}; File.writeTextFile( p, "mine" ); console.writeln( p );`;
   const fixed = "File.systemTempDirectory + \"/mask.fits\"", unique = "File.uniqueFileName( File.systemTempDirectory, 12, \"mask_\", \".fits\" )";
   assert.deepEqual( one.lines( source( fixed ) ), two.lines( source( fixed ) ) );
   const [ path ] = one.lines( source( unique ) );
   assert.match( path, /^.*\/Temp\/mask_[0-9a-z]{12}\.fits$/ );
   assert.notDeepEqual( [ path ], two.lines( source( unique ) ) );
} );

test( "files: bytes, numbers and texts are written and read back", () =>
{
   const { lines } = stage();
   assert.deepEqual( lines( `const p = File.systemTempDirectory + "/f.bin";
      const f = new File; f.createForWriting( p );
      f.write( ByteArray.fromHex( "00ff10" ) ); f.write( new Float32Array( [ 1.5, -2 ] ) ); f.write( 7, DataType.UInt16 );
      f.outTextLn( "end" ); f.close();
      const g = File.openFileForReading( p );
      console.writeln( new FileInfo( p ).size, " ", g.read( DataType.ByteArray, 3 ).toHex(), " ", g.read( DataType.Float32Array, 2 ).join(), " ", g.read( DataType.UInt16, 1 ),
         " ", g.read( DataType.ByteArray, 4 ).toString().trim(), " ", g.isEOF );
      g.seek( -4, SeekMode.FromEnd ); console.writeln( g.position ); g.close();
      File.writeTextFile( p, "a\\n\\nb\\u03a9" );
      console.writeln( File.readLines( p, ReadTextOption.RemoveEmptyLines ).join( "," ), " ", File.readFile( p ).utf8ToString().length );
      File.remove( p ); console.writeln( File.exists( p ), File.directoryExists( File.systemTempDirectory ) );
      const b = new ByteArray; b.add( 65, 2 ); b.add( ByteArray.stringToUTF8( "\\u20ac" ) );
      console.writeln( b.length, " ", b.toBase64(), " ", ByteArray.fromBase64( b.toBase64() ).utf8ToString(), " ", new ByteArray( b, 1, 2 ).toHex() );` ),
   [ "17 00ff10 1.5,-2 7 end true", "13", "a,b\u03a9 5", "falsetrue", "5 QUHigqw= AA\u20ac 41e2" ] );
} );

test( "files: a full disk, a locked file, a folder that cannot be made", () =>
{
   const { host, run, lines } = stage();
   const source = `const p = File.systemTempDirectory + "/locked.txt"; const say = f => { try { f();
      console.writeln( "done" ); } catch ( e ) { console.writeln( e.message.replace( /:.*/, "" ) ); } };
      say( () => File.writeTextFile( p, "x" ) ); say( () => File.remove( p ) );
      say( () => File.createDirectory( p + ".d" ) );`;
   host.faults.add( { operation: "remove", path: /locked/, message: "The file is in use", times: 1 } );
   host.faults.add( { operation: "createDirectory", message: "Permission denied" } );
   assert.deepEqual( lines( source ), [ "done", "The file is in use", "Permission denied" ] );
   host.faults.clear();
   host.faults.add( { operation: "write", message: "No space left on device" } );
   assert.deepEqual( lines( source ), [ "No space left on device", "done", "done" ] );
   assert.throws( () => run( "File.readFile( \"/no/such\" );" ), /Unable to read/ );
} );

test( "files: an open file is closed when the script ends", () =>
{
   const { host, run } = stage();
   run( "var f = new File; f.createForWriting( File.systemTempDirectory + \"/left\" );" );
   assert.equal( host.openFiles.size, 0 );
} );

test( "stores: Settings keep types; 8-bit Strings lose what they cannot hold; they outlive the host", () =>
{
   const { host, lines, folder } = stage();
   const kept = stage( { stateFolder: folder } );
   assert.deepEqual( kept.lines( `Settings.write( "T/narrow", DataType.String, "\\u03a9\\u00e9" );
      Settings.write( "T/wide", DataType.UCString, "\\u03a9" );
      Settings.write( "T/n", DataType.Int32, 5 );
      console.writeln( Settings.read( "T/n", DataType.Double ), Settings.lastReadOK, Settings.read( "T/n", DataType.UInt32 ), Settings.lastReadOK );` ), [ "nullfalse5true" ] );
   assert.deepEqual( stage( { stateFolder: folder } ).lines( `for ( const key of [ "narrow", "wide", "none" ] ) console.writeln( Settings.read( "T/" + key, DataType.UCString ), Settings.lastReadOK );
      console.writeln( Settings.remove( "T/n" ), Settings.remove( "T/n" ) );` ), [ "?\u00e9true", "\u03a9true", "nullfalse", "truefalse" ] );
   assert.throws( () => lines( "Settings.write( \"a\", DataType.Int32, \"x\" );" ), /do not fit/ );
   assert.equal( host.settings.size, 0 );
} );

test( "stores: Parameters are Strings with typed getters, and know their target", () =>
{
   const { host, run } = stage();
   host.newWindow?.( { id: "V", width: 2, height: 2, samples: 0 } );
   const source = `console.writeln( Parameters.isViewTarget, Parameters.isGlobalTarget, Parameters.has( "n" ) ? Parameters.getInteger( "n" ) + 1 : "none", Parameters.has( "b" ) && Parameters.getBoolean( "b" ) );`;
   assert.equal( run( source ).console, "falsefalsenonefalse\n" );
   assert.equal( run( source, { target: "global", parameters: { n: 4, b: true } } ).console, "falsetrue5true\n" );
   assert.equal( run( source + "console.writeln( Parameters.targetView.id );", { target: "V" } ).console, "truefalsenonefalse\nV\n" );
   assert.throws( () => run( "Parameters.getReal( \"x\" );" ), /no parameter/ );
   assert.throws( () => run( "Parameters.getReal( \"x\" );", { parameters: { x: "wide" } } ), /not a number/ );
} );

test( "hashes: incremental and at once agree", () =>
{
   assert.deepEqual( stage().lines( `const h = new CryptographicHash( CryptographicHash.SHA256 );
      const abc = ByteArray.stringToUTF8( "abc" );
      h.update( ByteArray.stringToUTF8( "a" ) ); h.update( ByteArray.stringToUTF8( "bc" ) );
      console.writeln( h.finalize().toHex() ); console.writeln( h.hash( abc ).toHex() );` ),
   Array( 2 ).fill( "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" ) );
} );
