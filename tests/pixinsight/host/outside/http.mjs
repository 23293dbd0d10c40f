// HTTP/1.1 as libcurl speaks it: only the headers it was told, no redirects, connections kept for each transfer object.

import { Agent, request } from "node:http";

const CONTINUE_SECONDS = 1;

export class HttpClient
{
   #send;
   #agents = new Map();
   #running = new Map();

   constructor( send )
   {
      this.#send = send;
   }

   handle( message )
   {
      if ( message.kind == "request" )
         this.#start( message, true );
      else if ( message.kind == "abort" )
         this.#running.get( message.id )?.destroy();
      else if ( message.kind == "closeConnection" )
      {
         this.#agents.get( message.id )?.destroy();
         this.#agents.delete( message.id );
      }
      else
         return false;
      return true;
   }

   #agent( id )
   {
      if ( !this.#agents.has( id ) )
         this.#agents.set( id, new Agent( { keepAlive: true, maxSockets: 1 } ) );
      return this.#agents.get( id );
   }

   #start( message, mayRetry )
   {
      const { id, method, url, headers, body, connectSeconds, expectContinue } = message;
      let finished = false, sawResponse = false;
      const end = outcome =>
      {
         if ( finished )
            return;
         finished = true;
         clearTimeout( connectTimer );
         this.#running.delete( id );
         this.#send( { id, ...outcome } );
      };
      const call = request( url, { method, agent: this.#agent( id ), setDefaultHeaders: false, headers: flat( headers ) } );
      this.#running.set( id, call );
      const connectTimer = setTimeout( () =>
      {
         end( { type: "error", message: `Connection timed out after ${Math.round( 1000*connectSeconds )} milliseconds` } );
         call.destroy();
      }, 1000*connectSeconds );

      call.on( "socket", socket =>
      {
         const connected = () => clearTimeout( connectTimer );
         if ( socket.connecting )
            socket.once( "connect", connected );
         else
            connected();
      } );
      call.on( "response", response =>
      {
         sawResponse = true;
         const length = Number( response.headers["content-length"] ?? 0 );
         this.#send( { id, type: "head", status: response.statusCode, length,
            contentType: response.headers["content-type"] ?? "" } );
         response.on( "data", chunk =>
         {
            const bytes = new Uint8Array( chunk ); // a copy: the parser's slab is shared
            this.#send( { id, type: "data", bytes }, [ bytes.buffer ] );
         } );
         response.on( "end", () => end( { type: "end" } ) );
         response.on( "error", error => end( { type: "error", message: describe( error, url ) } ) );
         response.on( "close", () => end( { type: "error", message: "transfer closed with outstanding read data remaining" } ) );
      } );
      call.on( "error", error =>
      {
         if ( mayRetry && call.reusedSocket && !sawResponse && !finished && error.code == "ECONNRESET" )
         {
            clearTimeout( connectTimer );
            this.#start( message, false );
         }
         else
            end( { type: "error", message: describe( error, url ) } );
      } );
      if ( expectContinue )
      {
         let written = false;
         const write = () => written || (written = true, call.end( body ));
         call.on( "continue", write );
         setTimeout( write, 1000*CONTINUE_SECONDS ).unref();
         call.flushHeaders();
      }
      else
         call.end( body );
      call.on( "finish", () => this.#send( { id, type: "sent", bytes: body?.length ?? 0 } ) );
   }
}

function flat( headers )
{
   const list = [];
   for ( const [ name, value ] of headers )
      list.push( name, value );
   return list;
}

function describe( error, url )
{
   const { hostname, port } = new URL( url );
   if ( error.code == "ECONNREFUSED" )
      return `Failed to connect to ${hostname} port ${port || 80}: Connection refused`;
   return error.code ? `${error.code}: ${error.message}` : error.message;
}
