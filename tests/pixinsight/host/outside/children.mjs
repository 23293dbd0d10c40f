// Child processes with pipes that stall when nobody reads them.

import { spawn } from "node:child_process";

const CLOSE_MILLISECONDS = 200; // a grandchild may keep the pipe open after the child has ended

export class Children
{
   #send;
   #children = new Map();

   constructor( send )
   {
      this.#send = send;
   }

   handle( message )
   {
      const child = this.#children.get( message.id );
      if ( message.kind == "spawn" )
         this.#spawn( message );
      else if ( message.kind == "stdin" )
         child?.process.stdin.write( message.bytes );
      else if ( message.kind == "closeStdin" )
         child?.process.stdin.end();
      else if ( message.kind == "kill" )
         child?.process.kill( message.signal );
      else if ( message.kind == "drained" )
         child?.drained( message.bytes );
      else
         return false;
      return true;
   }

   killAll()
   {
      for ( const { process } of this.#children.values() )
         process.kill( "SIGKILL" );
   }

   #spawn( { id, program, args, cwd, env, pipeBytes } )
   {
      const process = spawn( program, args, { cwd, env, stdio: "pipe", windowsHide: true } );
      process.on( "error", error =>
      {
         if ( process.pid === undefined )
            this.#send( { id, type: "failed", message: error.message } );
      } );
      process.stdin.on( "error", () => {} ); // the child may end before it has read everything
      if ( process.pid === undefined )
         return;

      let unread = 0, ended = false;
      const streams = [ process.stdout, process.stderr ];
      for ( const stream of streams )
         stream.on( "data", chunk =>
         {
            unread += chunk.length;
            const bytes = new Uint8Array( chunk );
            this.#send( { id, type: "output", bytes }, [ bytes.buffer ] );
            if ( unread > pipeBytes )
               streams.forEach( s => s.pause() );
         } );
      this.#children.set( id, { process, drained( bytes )
      {
         unread -= bytes;
         if ( unread <= pipeBytes )
            streams.forEach( s => s.resume() );
      } } );

      const end = ( code, signal ) =>
      {
         if ( ended )
            return;
         ended = true;
         this.#children.delete( id );
         this.#send( { id, type: "exit", code: code ?? -1, crashed: signal !== null } );
      };
      process.on( "close", end );
      process.on( "exit", ( code, signal ) => setTimeout( end, CLOSE_MILLISECONDS, code, signal ) );
      this.#send( { id, type: "started", pid: process.pid } );
   }
}
