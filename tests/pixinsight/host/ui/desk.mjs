// What is on the screen: windows in their order, and which of them a person can reach.

import { DATA, PAINT, descendants, fire, isShown } from "./widget.mjs";

export class Desk
{
   #host;
   #windows = [];
   focus = null;
   underMouse = null;

   constructor( host )
   {
      this.#host = host;
   }

   /** Dialogs (script objects) and system windows ({ kind: "message" | "file", … }), the newest last. */
   get windows() { return [ ...this.#windows ]; }

   open( window ) { this.#windows.push( window ); }
   close( window )
   {
      this.#windows = this.#windows.filter( w => w !== window );
      if ( this.focus && this.focus.window === window )
         this.focus = null;
   }
   top() { return this.#windows.at( -1 ) ?? null; }
   dialogs() { return this.#windows.filter( isDialog ); }

   /** What is shown with another size than before is told so, and painted. */
   settle()
   {
      for ( const dialog of this.dialogs() )
         for ( const control of [ dialog, ...descendants( dialog ) ] )
         {
            const { rect, told } = control[DATA];
            const size = rect !== null && isShown( control ) ? `${rect.width} x ${rect.height}` : "";
            control[DATA].told = size;
            if ( size === "" || size === told )
               continue;
            fire( this.#host, control, "onResize", rect.width, rect.height, 0, 0 );
            this.#host.pump.post( () => control[PAINT]() );
         }
   }

   /** The window that keeps others from being used: the newest modal one. */
   blocker()
   {
      return this.#windows.findLast( window => !isDialog( window ) || window.isModal ) ?? null;
   }
   isReachable( window )
   {
      const blocker = this.blocker();
      const at = this.#windows.indexOf( window );
      return at >= 0 && at >= this.#windows.indexOf( blocker );
   }

   setFocus( control )
   {
      if ( control === this.focus )
         return;
      const old = this.focus;
      this.focus = control;
      if ( old )
         fire( this.#host, old, "onLoseFocus" );
      if ( control )
         fire( this.#host, control, "onGetFocus" );
   }

   clear()
   {
      for ( const dialog of this.dialogs() )
         dialog[DATA].isOpen = false;
      this.#windows = [];
      this.focus = this.underMouse = null;
   }
}

export const isDialog = window => window?.[DATA] !== undefined;
