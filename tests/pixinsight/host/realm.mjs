// Values on their way from the emulator into the script's own realm (arrays, typed arrays, dates, errors).

const VIEWS = [ "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
   "Float32Array", "Float64Array" ];
const ERRORS = [ "Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError" ];

/** An end of the run no script may catch for good: the host remembers it and throws it again. */
export class HostFailure extends Error
{
   name = "HostFailure";
}

export class Realm
{
   /** The realm of the script that runs: one at a time, since every run is synchronous. */
   static current = new Realm;

   intrinsics = globalThis;

   /** Takes the built-in constructors of a vm context. */
   enter( global )
   {
      this.intrinsics = global;
      Realm.current = this;
   }

   value( value )
   {
      if ( value === null || typeof value != "object" )
         return value;
      if ( Array.isArray( value ) )
         return value instanceof Array ? this.intrinsics.Array.from( value, item => this.value( item ) ) : value;
      if ( ArrayBuffer.isView( value ) )
         return this.#view( value );
      if ( value instanceof Date )
         return new this.intrinsics.Date( value.getTime() );
      if ( Object.getPrototypeOf( value ) === Object.prototype )
      {
         const copy = new this.intrinsics.Object;
         for ( const [ key, item ] of Object.entries( value ) )
            copy[key] = this.value( item );
         return copy;
      }
      return value;
   }

   #view( value )
   {
      const name = Buffer.isBuffer( value ) ? "Uint8Array" : value.constructor.name;
      const Constructor = VIEWS.includes( name ) ? this.intrinsics[name] : undefined;
      if ( Constructor === undefined || value instanceof Constructor && !Buffer.isBuffer( value ) )
         return value;
      return new Constructor( value.buffer, value.byteOffset, value.length );
   }

   error( error )
   {
      if ( !(error instanceof Error) || error instanceof HostFailure )
         return error;
      const Constructor = this.intrinsics[ERRORS.includes( error.name ) ? error.name : "Error"];
      if ( error instanceof Constructor )
         return error;
      const own = new Constructor( error.message );
      own.stack = error.stack;
      return own;
   }
}
