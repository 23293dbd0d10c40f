// A host with small scripts to run in it, and an HTTP server beside it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { MessageChannel, Worker, receiveMessageOnPort } from "node:worker_threads";
import { createHost } from "../host/host.mjs";

/**
 * `{ host, write, run, lines }`: `write( name, text )` makes a file beside the script; `run( source, options )` runs a
 * script (with `#engine v8` on top unless `bare`) and gives its result; `lines( source, options )` gives what it printed.
 */
export function stage( options = {} )
{
   const folder = mkdtempSync( join( tmpdir(), "stage-" ) );
   const host = createHost( { home: join( folder, "home" ), seconds: 20, ...options } );
   after( () =>
   {
      host.close();
      rmSync( folder, { recursive: true, force: true } );
   } );
   const write = ( name, text ) =>
   {
      const path = join( folder, name );
      writeFileSync( path, text );
      return path;
   };
   const run = ( source, { bare = false, name = "script.js", ...rest } = {} ) =>
      host.run( write( name, (bare ? "" : "#engine v8\n") + source ), rest );
   const lines = ( source, options ) => run( source, options ).console.trim().split( "\n" );
   return { host, folder, write, run, lines };
}

/**
 * A server in a thread of its own. Routes: `{ "GET /path": { status, headers, body | chunks, gap, delay, hang } }`; chunks
 * are base64 or text, `gap` and `delay` in seconds. Gives `{ url, requests(), close() }`.
 */
export function serve( routes )
{
   const { port1, port2 } = new MessageChannel();
   const ready = new Int32Array( new SharedArrayBuffer( 4 ) );
   const worker = new Worker( new URL( "server.mjs", import.meta.url ), { workerData: { port: port2, ready, routes }, transferList: [ port2 ] } );
   worker.unref();
   port1.unref();
   Atomics.wait( ready, 0, 0, 10000 );
   const seen = [];
   const drain = () =>
   {
      for ( let received; (received = receiveMessageOnPort( port1 )) !== undefined; )
         seen.push( received.message );
      return seen;
   };
   after( () => worker.terminate() );
   return { url: `http://127.0.0.1:${Atomics.load( ready, 0 )}`, requests: drain, close: () => worker.terminate() };
}

/** Address on this machine where nobody listens. */
export const DEAD_URL = "http://127.0.0.1:9";
