// Worker thread: hands messages to the HTTP client and to the child processes.

import { workerData } from "node:worker_threads";
import { HttpClient } from "./http.mjs";
import { Children } from "./children.mjs";

const { port, bell } = workerData;

function ring()
{
   Atomics.add( bell, 0, 1 );
   Atomics.notify( bell, 0 );
}

function send( message, transfer = [] )
{
   port.postMessage( message, transfer );
   ring();
}

const http = new HttpClient( send );
const children = new Children( send );

port.on( "message", message =>
{
   if ( message.kind == "end" )
   {
      children.killAll();
      Atomics.store( bell, 1, 1 );
      Atomics.notify( bell, 1 );
   }
   else if ( !http.handle( message ) && !children.handle( message ) )
      throw new Error( `unknown message: ${message.kind}` );
} );

ring();
