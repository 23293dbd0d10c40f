// Frame, Label, Edit, TextBox: what is read and typed.

import { ancestors, announce, DATA, EXPANDS, CHANGED, SIZE, TEXT, USER, events, fire, properties } from "./widget.mjs";
import { lineHeight, textWidth } from "./style.mjs";
import { relayout } from "./layout.mjs";

const WRAPPED_WIDTH = 320;

/** Rich text as a person reads it. */
const plain = text => text.replace( /<br\s*\/?>|<\/p>/gi, "\n" ).replace( /<[^<>]*>/g, "" )
   .replace( /&lt;/g, "<" ).replace( /&gt;/g, ">" ).replace( /&nbsp;/g, " " ).replace( /&amp;/g, "&" );

export function install( host, { Control } )
{
   class Frame extends Control {}
   properties( Frame, { style: 0, lineWidth: 1, borderWidth: 1 } );

   class Label extends Frame
   {
      clear() { this.text = ""; }
      [TEXT]() { return this.useRichText ? plain( this.text ) : this.text; }
      [CHANGED]() { relayout( this ); }
      get [EXPANDS]() { return { x: this.wordWrapping, y: false }; }
      [SIZE]()
      {
         const lines = this[TEXT]().split( "\n" );
         const widest = Math.max( 0, ...lines.map( line => textWidth( line ) ) ) + 2*this.margin;
         if ( !this.wordWrapping )
            return { width: widest, height: lines.length*lineHeight() + 2*this.margin };
         const { rect, limits } = this[DATA];
         const width = rect && !rect.unplaced ? rect.width : Math.min( widest, limits.minWidth ?? WRAPPED_WIDTH );
         const rows = lines.reduce( ( n, line ) => n + Math.max( 1, Math.ceil( textWidth( line )/Math.max( 1, width ) ) ), 0 );
         return { width: Math.min( widest, limits.minWidth ?? WRAPPED_WIDTH ), height: rows*lineHeight() + 2*this.margin };
      }
   }
   properties( Label, { text: "", margin: 0, textAlignment: 33, useRichText: false, wordWrapping: false } );

   class Edit extends Control
   {
      [TEXT]() { return this.text; }
      [SIZE]() { return { width: 100, height: lineHeight() + 8 }; }
      get [EXPANDS]() { return { x: true, y: false }; }
      [CHANGED]( name, value, old )
      {
         if ( name == "text" && value !== old )
            announce( host, this, "onTextUpdated", value );
      }
      selectAll() {}
      clear() { this.text = ""; }
      [USER.type]( text )
      {
         if ( this.readOnly )
            throw new Error( `the text field '${[ ...ancestors( this ) ][0].toolTip || this.text}' is read-only` );
         this[DATA].values.text = text;
         fire( host, this, "onTextUpdated", text );
         fire( host, this, "onEditCompleted", text );
      }
   }
   properties( Edit, { text: "", readOnly: false, passwordMode: false, maxLength: 32767, modified: false,
      caretPosition: 0, textAlignment: 0 } );
   events( Edit, [ "onTextUpdated", "onEditCompleted", "onReturnPressed" ] );

   class TextBox extends Frame
   {
      [TEXT]() { return plain( this.text ); }
      [SIZE]() { return { width: 120, height: 4*lineHeight() }; }
      clear() { this.text = ""; }
      insert( text ) { this.text += text; }
      home() { this.caretPosition = 0; }
      end() { this.caretPosition = this.text.length; }
      selectAll() {}
      unselect() {}
      [USER.type]( text )
      {
         if ( this.readOnly )
            throw new Error( "the text box is read-only" );
         this[DATA].values.text = text;
         fire( host, this, "onTextUpdated", text );
      }
   }
   properties( TextBox, { text: "", readOnly: false, caretPosition: 0 } );
   events( TextBox, [ "onCaretPositionUpdated", "onSelectionUpdated", "onTextUpdated" ] );

   return { Frame, Label, Edit, TextBox };
}
