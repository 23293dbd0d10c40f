// ByteArray: PixInsight's growing array of bytes.

import { HostObject } from "../object.mjs";

const BYTES = Symbol( "bytes" );
const INDEXED = [ "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
   "Float32Array", "Float64Array" ];

/** The bytes of a ByteArray, not copied. */
export function bytesOf( array )
{
   const bytes = array?.[BYTES];
   if ( bytes === undefined )
      throw new TypeError( "a ByteArray is expected" );
   return bytes;
}

export const isByteArray = value => value?.[BYTES] !== undefined;

/** One byte for each character, "?" above 255. */
export const latin1 = text => Buffer.from( text.replace( /[^\x00-\xff]/g, "?" ), "latin1" );

function index( value, length, what = "index" )
{
   if ( !Number.isInteger( value ) || value < 0 || value >= length )
      throw new RangeError( `ByteArray: ${what} ${value} is out of range` );
   return value;
}

const viewBytes = view => new Uint8Array( view.buffer, view.byteOffset, view.byteLength );

export function install( host )
{
   class ByteArray extends HostObject
   {
      #data = new Uint8Array( 0 );
      #length = 0;

      constructor( source, a, b )
      {
         super();
         if ( typeof source == "number" )
         {
            this.#data = new Uint8Array( source ).fill( a ?? 0 );
            this.#length = source;
         }
         else if ( source !== undefined )
            this.#append( this.#bytesFrom( source, a, b ) );
      }

      #bytesFrom( source, a, b )
      {
         if ( typeof source == "string" )
            return host.quirk( "byteArrayFromString" ) == "utf8" ? Buffer.from( source, "utf8" ) : latin1( source );
         if ( isByteArray( source ) )
            return bytesOf( source ).subarray( a ?? 0, b === undefined ? undefined : (a ?? 0) + b );
         if ( ArrayBuffer.isView( source ) )
            return viewBytes( source.subarray( a ?? 0, b ) );
         if ( Object.prototype.toString.call( source ) == "[object ArrayBuffer]" )
            return new Uint8Array( source );
         throw new TypeError( "ByteArray: a length, String, ByteArray or typed array is expected" );
      }

      #append( bytes )
      {
         const length = this.#length + bytes.length;
         if ( length > this.#data.length )
         {
            const grown = new Uint8Array( Math.max( length, this.#length == 0 ? 0 : 2*this.#data.length ) );
            grown.set( this.#data.subarray( 0, this.#length ) );
            this.#data = grown;
         }
         this.#data.set( bytes, this.#length );
         this.#length = length;
      }

      #slice( start = 0, count )
      {
         return this[BYTES].subarray( start, count === undefined || count < 0 ? undefined : start + count );
      }

      get [BYTES]() { return this.#data.subarray( 0, this.#length ); }

      get length() { return this.#length; }
      get isEmpty() { return this.#length == 0; }
      get capacity() { return this.#data.length; }
      get available() { return this.#data.length - this.#length; }
      get lowerBound() { return 0; }
      get upperBound() { return this.#length - 1; }

      /** A value (repeated), or another ByteArray at the end. */
      add( value, count = 1 )
      {
         if ( typeof value == "number" )
            this.#append( new Uint8Array( count ).fill( value ) );
         else
            this.#append( this.#bytesFrom( value ) );
      }

      at( i, value )
      {
         index( i, this.#length );
         if ( value === undefined )
            return this.#data[i];
         this.#data[i] = value;
      }

      assign( value, length )
      {
         const bytes = typeof value == "number" ? new Uint8Array( length ?? this.#length ).fill( value ) : this.#bytesFrom( value );
         this.#data = Uint8Array.from( bytes );
         this.#length = bytes.length;
      }

      clear()
      {
         this.#data = new Uint8Array( 0 );
         this.#length = 0;
      }

      fill( value ) { this[BYTES].fill( value ); }
      secureFill( value = 0 ) { this[BYTES].fill( value ); }
      reverse() { this[BYTES].reverse(); }
      sort() { this[BYTES].sort(); }
      reserve() {}
      squeeze() { this.#data = this[BYTES].slice(); }

      insert( at, value, count = 1 )
      {
         const bytes = typeof value == "number" ? new Uint8Array( count ).fill( value ) : this.#bytesFrom( value );
         this.assign( Buffer.concat( [ this.#slice( 0, at ), bytes, this.#slice( at ) ] ) );
      }

      remove( at, count = 1 )
      {
         index( at, this.#length );
         this.assign( Buffer.concat( [ this.#slice( 0, at ), this.#slice( at + count ) ] ) );
      }

      linearSearch( value, start = 0, end = this.#length )
      {
         const at = this.#slice( start, end - start ).indexOf( value );
         return at < 0 ? -1 : start + at;
      }

      toString( start, count ) { return Buffer.from( this.#slice( start, count ) ).toString( "latin1" ); }
      utf8ToString( start, count ) { return new TextDecoder( "utf-8", { ignoreBOM: true } ).decode( this.#slice( start, count ) ); }
      toBase64( start, count ) { return Buffer.from( this.#slice( start, count ) ).toString( "base64" ); }
      toHex( start, count ) { return Buffer.from( this.#slice( start, count ) ).toString( "hex" ); }

      static fromBase64( text ) { return host.bytes( Buffer.from( text, "base64" ) ); }
      static fromHex( text ) { return host.bytes( Buffer.from( text, "hex" ) ); }
      static fromByteValues( ...values ) { return host.bytes( Uint8Array.from( values ) ); }
      static stringToUTF8( text, start = 0, count )
      {
         return host.bytes( Buffer.from( text.slice( start, count === undefined || count < 0 ? undefined : start + count ), "utf8" ) );
      }
   }
   for ( const name of INDEXED )
      Object.defineProperty( ByteArray.prototype, "to" + name, { configurable: true, writable: true,
         value( start, count ) { return copyAs.call( this, name, start, count ); } } );

   function copyAs( name, start = 0, count )
   {
      const bytes = bytesOf( this ).subarray( start, count === undefined || count < 0 ? undefined : start + count );
      const View = globalThis[name];
      return new View( bytes.slice( 0, bytes.length - bytes.length % View.BYTES_PER_ELEMENT ).buffer );
   }

   host.bytes = bytes =>
   {
      const array = new ByteArray;
      array.add( bytes );
      return array;
   };
   return { ByteArray };
}
