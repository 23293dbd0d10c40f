// Dialog: modal by execute(), on its own by show().

import { CHANGED, DATA, events, fire, properties } from "./widget.mjs";
import { layOut } from "./layout.mjs";

export function install( host, { Control } )
{
   class Dialog extends Control
   {
      constructor( parent )
      {
         super(); // a dialog stays a window of its own, whatever its parent
         Object.assign( this[DATA], { owner: parent ?? null, isOpen: false, everShown: false, result: 0, modal: false } );
         this[DATA].values.visible = false;
      }

      get isDialog() { return true; }
      get isModal() { return this[DATA].modal; }
      get result() { return this[DATA].result; }

      #open( modal )
      {
         const data = this[DATA];
         layOut( this );
         Object.assign( data, { isOpen: true, everShown: true, modal } );
         data.values.visible = true;
         host.desk.open( this );
         host.desk.settle();
         fire( host, this, "onShow" );
      }

      #close( result )
      {
         const data = this[DATA];
         if ( !data.isOpen )
            return;
         Object.assign( data, { isOpen: false, result } );
         data.values.visible = false;
         host.desk.close( this );
         fire( host, this, "onHide" );
      }

      execute()
      {
         if ( this[DATA].isOpen )
            throw new Error( "Dialog.execute: the dialog is shown already" );
         this[DATA].result = 0;
         this.#open( true );
         fire( host, this, "onExecute" );
         try
         {
            host.pump.loop( () => !this[DATA].isOpen, () => `the dialog '${this.windowTitle}'` );
         }
         finally
         {
            this[DATA].modal = false;
            if ( this[DATA].isOpen )
               Object.assign( this[DATA], { isOpen: false } ), host.desk.close( this );
         }
         fire( host, this, "onReturn", this.result );
         return this.result;
      }
      open() { this.show(); }
      show()
      {
         if ( !this[DATA].isOpen )
            this.#open( false );
      }
      hide() { this.#close( 0 ); }
      ok() { this.done( 1 ); }
      cancel() { this.done( 0 ); }
      done( result )
      {
         if ( typeof result != "number" )
            throw new TypeError( "Dialog.done: a Number is expected" );
         this.#close( result );
      }
      /** Makes a process icon of the running script with its present parameters. */
      newInstance() { host.makeIcon(); }

      static browseScriptDocumentation( name )
      {
         host.browsed.push( name );
         return host.documentation.has( name );
      }
      static openBrowser( uri ) { host.browsed.push( uri ); }

      [CHANGED]() {}
   }
   properties( Dialog, { userResizable: true } );
   events( Dialog, [ "onExecute", "onReturn" ] );
   return { Dialog };
}
