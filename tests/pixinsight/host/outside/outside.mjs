// The world outside the script's thread: a worker that does sockets and child processes, and rings when something happened.

import { MessageChannel, Worker, receiveMessageOnPort } from "node:worker_threads";

const START_SECONDS = 20;
const END_SECONDS = 2;

export class Outside
{
   #worker = null;
   #port = null;
   #bell = new Int32Array( new SharedArrayBuffer( 8 ) ); // [ count of rings, 1 when all children are dead ]
   #heard = 0;
   #listeners = new Map();
   #nextId = 1;

   /** A new line to the outside; `listener( message )` is called from `pump()`. */
   open( listener )
   {
      const id = this.#nextId++;
      this.#listeners.set( id, listener );
      return id;
   }

   close( id )
   {
      this.#listeners.delete( id );
   }

   post( id, message, transfer = [] )
   {
      if ( this.#worker === null )
         this.#start();
      this.#port.postMessage( { id, ...message }, transfer );
   }

   /** Hands over what has arrived. Returns how many messages. */
   pump()
   {
      if ( this.#port === null )
         return 0;
      let count = 0;
      this.#heard = Atomics.load( this.#bell, 0 );
      for ( let received; (received = receiveMessageOnPort( this.#port )) !== undefined; ++count )
         this.#listeners.get( received.message.id )?.( received.message );
      return count;
   }

   /** Sleeps until the bell rings, at most `seconds`. */
   wait( seconds )
   {
      Atomics.wait( this.#bell, 0, this.#heard, Math.max( 0, 1000*seconds ) );
   }

   #start()
   {
      const { port1, port2 } = new MessageChannel();
      this.#port = port1;
      port1.unref();
      this.#worker = new Worker( new URL( "worker.mjs", import.meta.url ),
         { workerData: { port: port2, bell: this.#bell }, transferList: [ port2 ], execArgv: [] } );
      this.#worker.unref();
      Atomics.wait( this.#bell, 0, 0, 1000*START_SECONDS );
   }

   /** Ends the worker and every child it started. */
   dispose()
   {
      if ( this.#worker === null )
         return;
      this.#port.postMessage( { kind: "end" } );
      Atomics.wait( this.#bell, 1, 0, 1000*END_SECONDS );
      void this.#worker.terminate();
      this.#worker = null;
      this.#port = null;
   }
}
