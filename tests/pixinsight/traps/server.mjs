// Worker thread: the HTTP server of stage.mjs.

import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { workerData } from "node:worker_threads";

const { port, ready, routes } = workerData;

const server = createServer( async ( request, response ) =>
{
   const parts = [];
   for await ( const part of request )
      parts.push( part );
   const body = Buffer.concat( parts );
   port.postMessage( { method: request.method, url: request.url, headers: request.headers, length: body.length,
      socket: request.socket.remotePort, body: body.length < 65536 ? body.toString( "latin1" ) : "" } );
   const route = routes[`${request.method} ${request.url}`] ?? { status: 404, body: "no such route" };
   if ( route.hang )
      return;
   await wait( 1000*(route.delay ?? 0) );
   response.writeHead( route.status ?? 200, route.headers ?? {} );
   for ( const chunk of route.chunks ?? [ route.body ?? "" ] )
   {
      response.write( typeof chunk == "string" ? chunk : Buffer.from( chunk ) );
      await wait( 1000*(route.gap ?? 0) );
   }
   response.end();
} );

server.listen( 0, "127.0.0.1", () =>
{
   Atomics.store( ready, 0, server.address().port );
   Atomics.notify( ready, 0 );
} );
