// MessageBox and the file dialogs: system windows that a person answers.

import { HostObject } from "../object.mjs";
import { RUNTIME } from "../core/constants.mjs";

const { StdButton } = RUNTIME;
const BOX_FIELDS = [ "text", "caption", "icon", "firstButton", "secondButton", "thirdButton", "defaultButton", "escapeButton" ];
const nameOf = code => Object.keys( StdButton ).find( key => StdButton[key] === code );

export function install( host )
{
   /** Shows a system window and waits for its answer. */
   const ask = ( box, describe ) =>
   {
      host.desk.open( box );
      try
      {
         host.pump.loop( () => box.answer !== undefined, describe );
      }
      finally
      {
         host.desk.close( box );
      }
      return box.answer;
   };
   host.messageBox = ( { text, caption = "PixInsight", icon = 0, buttons = [ "Ok" ] } ) =>
      ask( { kind: "message", text, caption, icon, buttons, answer: undefined }, () => `the message '${caption}: ${text}'` );

   class MessageBox extends HostObject
   {
      #fields;
      #result = 0;

      constructor( text = "", caption = "", icon = 0, firstButton = StdButton.Ok, secondButton = 0, thirdButton = 0,
         defaultButton = 0, escapeButton = 0 )
      {
         super();
         if ( typeof text != "string" || typeof caption != "string" )
            throw new TypeError( "MessageBox: a text and a caption are expected" );
         for ( const code of [ icon, firstButton, secondButton, thirdButton ] )
            if ( typeof code != "number" )
               throw new TypeError( "MessageBox: an icon and buttons are expected, as StdIcon and StdButton constants" );
         this.#fields = { text, caption, icon, firstButton, secondButton, thirdButton, defaultButton, escapeButton };
      }

      get result() { return this.#result; }
      execute()
      {
         const { text, caption, icon, firstButton, secondButton, thirdButton } = this.#fields;
         const buttons = [ firstButton, secondButton, thirdButton ].filter( code => code !== StdButton.NoButton ).map( nameOf );
         this.#result = StdButton[host.messageBox( { text, caption, icon, buttons } )];
         return this.#result;
      }
      static
      {
         for ( const name of BOX_FIELDS )
            Object.defineProperty( this.prototype, name, { configurable: true, get() { return this.#fields[name]; },
               set( value ) { this.#fields[name] = value; } } );
      }
   }

   class FileDialog extends HostObject
   {
      caption = "";
      initialPath = "";
      #filters = [];
      #paths = [];

      get filters() { return this.#filters; }
      set filters( filters )
      {
         const isFilter = filter => Array.isArray( filter ) && filter.every( text => typeof text == "string" );
         if ( !Array.isArray( filters ) || !filters.every( isFilter ) )
            throw new TypeError( "FileDialog.filters: an Array of [ label, \"*.a\", \"*.b\" ] is expected" );
         this.#filters = Array.from( filters, filter => Array.from( filter ) );
      }
      get selectedFileExtension() { return this.#filters[0]?.[1]?.replace( "*", "" ) ?? ""; }

      execute()
      {
         const answer = ask( { kind: "file", caption: this.caption, filters: this.#filters, mode: this.constructor.name,
            multiple: this[MULTIPLE], answer: undefined }, () => `the file dialog '${this.caption}'` );
         this.#paths = answer.map( path => host.paths.shown( path ) );
         return answer.length > 0;
      }
      get [CHOSEN]() { return this.#paths; }
      get [MULTIPLE]() { return false; }
   }

   class OpenFileDialog extends FileDialog
   {
      multipleSelections = false;
      get fileName() { return this[CHOSEN][0] ?? ""; }
      get fileNames() { return [ ...this[CHOSEN] ]; }
      get [MULTIPLE]() { return this.multipleSelections; }
      loadImageFilters() { this.filters = [ [ "FITS Files", "*.fits", "*.fit" ], [ "XISF Files", "*.xisf" ] ]; }
   }
   class SaveFileDialog extends FileDialog
   {
      overwritePrompt = true;
      get fileName() { return this[CHOSEN][0] ?? ""; }
      loadImageFilters() { this.filters = [ [ "FITS Files", "*.fits", "*.fit" ], [ "XISF Files", "*.xisf" ] ]; }
   }
   class GetDirectoryDialog extends FileDialog
   {
      get directory() { return this[CHOSEN][0] ?? ""; }
   }
   return { MessageBox, FileDialog, OpenFileDialog, SaveFileDialog, GetDirectoryDialog };
}

const CHOSEN = Symbol( "chosen" );
const MULTIPLE = Symbol( "multiple" );
