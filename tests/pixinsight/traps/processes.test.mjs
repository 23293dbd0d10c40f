import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./stage.mjs";

const NODE = JSON.stringify( process.execPath );
const LOOP = `function wait( p, drain )
{
   let text = "";
   while ( p.isStarting || p.isRunning )
   {
      CoreApplication.processEvents();
      System.msleep( 5 );
      if ( drain )
         text += p.stdout.toString();
   }
   return text + p.stdout.toString();
}
`;
const child = code => `[ "-e", ${JSON.stringify( code )} ]`;

test( "trap 49: stderr comes merged into stdout, and reading consumes", () =>
{
   const { console: text } = stage().run( LOOP + `const p = new ExternalProcess;
      p.start( ${NODE}, ${child( "process.stdout.write( 'out' ); process.stderr.write( 'err' ); process.exitCode = 3" )} );
      const all = wait( p );
      console.writeln( all.includes( "out" ) && all.includes( "err" ), " ", p.stdout.length, " ", p.stderr.length, " ", p.exitCode, " ", p.standardOutput );` );
   assert.match( text, /\*\* Warning: QProcess/ );
   assert.match( text, /true 0 0 3 undefined/ );
} );

test( "trap 49: a pipe that nobody drains stalls the child", () =>
{
   const source = drain => LOOP + `const p = new ExternalProcess;
      p.start( ${NODE}, ${child( "for ( let i = 0; i < 400; ++i ) require( 'fs' ).writeSync( 1, Buffer.alloc( 4096, 65 ) )" )} );
      ${drain ? "console.writeln( wait( p, true ).length );" : "console.writeln( p.waitForFinished( 700 ), p.isRunning ); p.kill(); console.writeln( p.waitForFinished( 5000 ) );"}`;
   assert.deepEqual( stage().lines( source( true ) ), [ String( 400*4096 ) ] );
   assert.deepEqual( stage().lines( source( false ) ), [ "falsetrue", "true" ] );
} );

test( "trap 50: a program that is not on the PATH throws; terminate is useless against Windows consoles", () =>
{
   const program = JSON.stringify( "flatbridge-no-such-program" );
   const { run, host } = stage( { environment: {} } );
   for ( const source of [ `(new ExternalProcess).start( ${program} );`, `ExternalProcess.execute( ${program} );`, `ExternalProcess.startDetached( ${program} );` ] )
      assert.throws( () => run( source ), /unable to (start|run)/ );
   host.faults.add( { operation: "start", message: "Access is denied" } );
   assert.throws( () => run( `(new ExternalProcess).start( ${NODE}, [ "--version" ] );` ), /Access is denied/ );

   const source = `const p = new ExternalProcess;
      p.start( ${NODE}, ${child( "console.log( 1 ); setInterval( () => {}, 1000 )" )} );
      p.waitForDataAvailable(); p.terminate(); console.writeln( p.waitForFinished( 400 ) ); p.kill();
      console.writeln( p.waitForFinished( 5000 ) );`;
   assert.deepEqual( stage().lines( source ), [ "true", "true" ] );
   assert.deepEqual( stage( { platform: "Windows" } ).lines( source ), [ "false", "true" ] );
} );

test( "processes: state changes only when events are processed", () =>
{
   const source = `const p = new ExternalProcess; p.start( ${NODE}, [ "--version" ] ); System.msleep( 700 );
      console.write( p.isRunning ); CoreApplication.processEvents(); console.writeln( p.isRunning );`;
   assert.deepEqual( stage().lines( source ), [ "truefalse" ] );
   assert.deepEqual( stage( { quirks: { processNeedsEvents: false } } ).lines( source ), [ "falsefalse" ] );
} );

test( "processes: stdin, environment, folder, events; execute blocks and gives the exit code", () =>
{
   const { lines, folder } = stage();
   assert.deepEqual( lines( LOOP + `const p = new ExternalProcess; p.workingDirectory = ${JSON.stringify( folder )};
      p.environment = [ "WHO=me=you" ];
      p.onFinished = code => console.writeln( "finished ", code );
      p.start( ${NODE}, ${child( "process.stdin.on( 'data', d => process.stdout.write( process.env.WHO + process.cwd().includes( 'stage-' ) + d ) )" )} );
      p.stdin = "hello"; p.closeStandardInput(); console.writeln( wait( p ) );
      console.writeln( ExternalProcess.execute( ${NODE}, ${child( "process.exit( 4 )" )} ) );` ), [ "finished 0", "me=youtruehello", "4" ] );
} );

test( "processes: a detached child outlives the script, not the host", async () =>
{
   const { host, lines } = stage();
   const [ pid ] = lines( `console.writeln( ExternalProcess.startDetached( ${NODE}, ${child( "setInterval( () => {}, 1000 )" )} ) );` ).map( Number );
   process.kill( pid, 0 );
   host.close();
   await new Promise( resolve => { setTimeout( resolve, 300 ); } );
   assert.throws( () => process.kill( pid, 0 ) );
} );

test( "processes: a started child ends with the script", async () =>
{
   const [ pid ] = stage().lines( `const p = new ExternalProcess;
      p.start( ${NODE}, ${child( "setInterval( () => {}, 1000 )" )} ); console.writeln( p.pid );` ).map( Number );
   await new Promise( resolve => { setTimeout( resolve, 300 ); } );
   assert.throws( () => process.kill( pid, 0 ) );
} );
