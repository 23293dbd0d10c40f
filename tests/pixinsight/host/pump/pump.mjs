// The event pump: what Qt's event loop does, in turns, on the script's own thread.

import { UPDATE } from "../process/external.mjs";

const IDLE_SECONDS = 0.002;

export class Pump
{
   #host;
   #queue = [];

   constructor( host )
   {
      this.#host = host;
   }

   get isEmpty() { return this.#queue.length == 0; }

   /** `deliver()` will run in a later turn. `input` marks what a person did, which processEvents may leave out. */
   post( deliver, { input = false } = {} )
   {
      this.#queue.push( { deliver, input } );
   }

   /** One turn: the user's next step, timers, children, then the events queued so far. */
   turn( { input = true } = {} )
   {
      const host = this.#host;
      host.checkTime();
      if ( input )
         host.user.step();
      host.timers.fire();
      for ( const child of [ ...host.children ] )
         child[UPDATE]();
      host.desk.settle();
      for ( let n = this.#queue.length; n > 0 && this.#queue.length > 0; --n )
      {
         const event = this.#queue.shift();
         if ( event.input && !input )
            this.#queue.push( event );
         else
            event.deliver();
      }
      host.checkTime();
   }

   /** Runs the loop of a modal window until `done()`; ends the run when nobody can end the window. */
   loop( done, describe )
   {
      while ( !done() )
      {
         this.turn();
         if ( done() )
            return;
         const host = this.#host;
         if ( host.user.isOver && this.isEmpty && !host.timers.active && host.children.size == 0 )
            host.fail( `nobody answers ${describe()}` );
         host.outside.wait( IDLE_SECONDS );
      }
   }

   /** A sleep that no event interrupts. */
   sleep( seconds )
   {
      if ( typeof seconds != "number" || !(seconds >= 0) )
         throw new TypeError( "a time is expected" );
      Atomics.wait( new Int32Array( new SharedArrayBuffer( 4 ) ), 0, 0, 1000*Math.min( seconds, this.#host.secondsLeft() ) );
      this.#host.checkTime();
   }

   clear()
   {
      this.#queue = [];
   }
}
