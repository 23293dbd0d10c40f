// The person at the screen: a generator, stepped by the event pump and never re-entered.

/** What the generator waits for: { what, ready(), value(), end } (end in seconds of the clock). */
export class User
{
   #host;
   #steps = null;
   #inside = false;
   #wait = null;
   turns = 0;

   constructor( host )
   {
      this.#host = host;
   }

   /** Nobody is there, or they have done all they came for. */
   get isOver() { return this.#steps === null; }
   get isInside() { return this.#inside; }

   start( generator )
   {
      this.#steps = generator;
      this.#wait = null;
   }

   leave()
   {
      this.#steps = null;
   }

   /** Goes on as long as what is waited for is there. */
   step()
   {
      ++this.turns;
      if ( this.#steps === null || this.#inside )
         return;
      for ( ;; )
      {
         const ready = this.#guarded( () => this.#wait === null || this.#wait.ready() );
         if ( !ready )
         {
            if ( performance.now()/1000 > this.#wait.end )
               this.#host.fail( this.complaint( "in vain" ) );
            return;
         }
         const value = this.#guarded( () => this.#wait?.value?.() );
         const next = this.#guarded( () => this.#steps.next( value ) );
         if ( next.done )
         {
            this.#steps = null;
            return;
         }
         this.#wait = next.value;
         if ( typeof this.#wait?.ready != "function" )
            this.#host.fail( "the user yields something that is no action of ui" );
      }
   }

   #guarded( work )
   {
      this.#inside = true;
      try
      {
         return work();
      }
      catch ( error )
      {
         return this.#host.fail( error );
      }
      finally
      {
         this.#inside = false;
      }
   }

   /** Sentence for the end of a run that left the user waiting. */
   complaint( how )
   {
      return `the user waited ${how} for ${this.#wait?.what ?? "the first step"}\n${this.#host.screen()}`;
   }
}
