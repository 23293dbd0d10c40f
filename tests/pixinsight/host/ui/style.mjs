// Font, Color and Cursor.

import { HostObject } from "../object.mjs";

const CHARACTER = 0.56; // mean width of a character in units of the font size

/** Width in pixels of a text of the default font. */
export const textWidth = ( text, points = 9 ) => Math.ceil( text.length*points*96/72*CHARACTER );
export const lineHeight = ( points = 9 ) => Math.ceil( points*96/72*1.3 );

export function install()
{
   class Font extends HostObject
   {
      #family;
      #points;
      bold = false;
      italic = false;
      underline = false;

      constructor( family = "Helvetica", size = 9 )
      {
         super();
         this.#family = typeof family == "object" ? family.family : String( family );
         this.#points = typeof family == "object" ? family.pointSize : size;
      }

      get family() { return this.#family; }
      set family( value ) { this.#family = value; }
      get pointSize() { return this.#points; }
      set pointSize( value ) { this.#points = value; }
      get pixelSize() { return Math.round( this.#points*96/72 ); }
      set pixelSize( value ) { this.#points = value*72/96; }
      get height() { return lineHeight( this.#points ); }
      get lineSpacing() { return lineHeight( this.#points ); }
      get ascent() { return Math.round( 0.8*this.height ); }
      get descent() { return this.height - this.ascent; }
      width( text ) { return textWidth( text, this.#points )*(this.bold ? 1.08 : 1) | 0; }
   }

   const byte = value => Math.max( 0, Math.min( 255, Math.round( value ) ) );
   const part = shift => rgba => (rgba >>> shift) & 255;
   const hex = value => value.toString( 16 ).padStart( 2, "0" );

   class Color extends HostObject
   {
      static rgbaColor( r, g, b, a = 255 ) { return (byte( a )*2**24 + byte( r )*2**16 + byte( g )*2**8 + byte( b )) >>> 0; }
      static rgbaColorF( r, g, b, a = 1 ) { return Color.rgbaColor( 255*r, 255*g, 255*b, 255*a ); }
      static alpha( rgba ) { return part( 24 )( rgba ); }
      static red( rgba ) { return part( 16 )( rgba ); }
      static green( rgba ) { return part( 8 )( rgba ); }
      static blue( rgba ) { return part( 0 )( rgba ); }
      static setAlpha( rgba, alpha ) { return Color.rgbaColor( Color.red( rgba ), Color.green( rgba ), Color.blue( rgba ), alpha ); }
      static rgbColorToHexString( c ) { return "#" + hex( Color.red( c ) ) + hex( Color.green( c ) ) + hex( Color.blue( c ) ); }
      static rgbaColorToHexString( c ) { return "#" + hex( Color.alpha( c ) ) + Color.rgbColorToHexString( c ).slice( 1 ); }
   }

   class Cursor extends HostObject {}
   return { Font, Color, Cursor };
}
