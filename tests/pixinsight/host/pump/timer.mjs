// Timer: the one asynchronous object of a script. Its interval is in seconds, and it dies with the script.

import { HostObject } from "../object.mjs";

const FIRE = Symbol( "fire" );

export function install( host )
{
   const running = new Set();
   host.timers = {
      get active() { return running.size > 0; },
      fire()
      {
         for ( const timer of [ ...running ] )
            timer[FIRE]();
      },
      stopAll() { running.clear(); },
   };
   host.atEnd( () => running.clear() );

   class Timer extends HostObject
   {
      #interval = 1;
      #periodic = false;
      #count = 0;
      #due = 0;
      #handler = null;

      constructor( interval, periodic )
      {
         super();
         this.#interval = interval ?? 1;
         this.#periodic = periodic ?? false;
      }

      get interval() { return this.#interval; }
      set interval( seconds )
      {
         if ( typeof seconds != "number" || !(seconds >= 0) )
            throw new RangeError( "Timer.interval: seconds are expected" );
         this.#interval = seconds;
      }
      get periodic() { return this.#periodic; }
      set periodic( value ) { this.#periodic = value; }
      get singleShot() { return !this.#periodic; }
      set singleShot( value ) { this.#periodic = !value; }
      get isRunning() { return running.has( this ); }
      get count() { return this.#count; }
      get onTimeout() { return this.#handler; }
      set onTimeout( handler ) { this.#handler = handler; }

      start()
      {
         this.#due = performance.now() + 1000*this.#interval;
         this.#count = 0;
         running.add( this );
      }
      stop() { running.delete( this ); }

      [FIRE]()
      {
         if ( !running.has( this ) || performance.now() < this.#due )
            return;
         ++this.#count;
         this.#due = performance.now() + 1000*this.#interval;
         if ( !this.#periodic )
            running.delete( this );
         if ( this.#handler )
            host.call( this.#handler, this, [], "Timer.onTimeout" );
      }
   }
   return { Timer };
}
