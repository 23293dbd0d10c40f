// Settings and Parameters: typed values that outlive a script.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RUNTIME } from "./constants.mjs";
import { latin1 } from "../files/bytes.mjs";

const { DataType } = RUNTIME;
const WHOLE = [ "Int8", "UInt8", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64" ].map( name => DataType[name] );
const REAL = [ DataType.Real32, DataType.Real64 ];

/** `value` as it comes back after being stored under `type`; throws on a type it cannot have. */
function stored( value, type )
{
   if ( type == DataType.UCString || type == DataType.String8 )
   {
      if ( typeof value != "string" )
         throw new TypeError( "Settings.write: a String is expected" );
      return type == DataType.UCString ? value : latin1( value ).toString( "latin1" );
   }
   if ( type == DataType.Boolean && typeof value == "boolean" )
      return value;
   if ( WHOLE.includes( type ) && Number.isInteger( value ) )
      return value;
   if ( REAL.includes( type ) && typeof value == "number" )
      return type == DataType.Real32 ? Math.fround( value ) : value;
   throw new TypeError( `Settings.write: ${typeof value} value and DataType ${type} do not fit, or are not emulated` );
}

const family = type => type == DataType.Boolean ? "boolean" : WHOLE.includes( type ) ? "whole" : REAL.includes( type ) ? "real" : "text";

export function install( host )
{
   const file = host.stateFolder && join( host.stateFolder, "settings.json" );
   if ( file && existsSync( file ) )
      for ( const [ key, entry ] of JSON.parse( readFileSync( file, "utf8" ) ) )
         host.settings.set( key, entry );
   const save = () => file && writeFileSync( file, JSON.stringify( [ ...host.settings ] ) );
   let lastReadOK = false;

   class Settings
   {
      static get lastReadOK() { return lastReadOK; }

      static read( key, type )
      {
         const entry = host.settings.get( key );
         lastReadOK = entry !== undefined && type !== undefined && family( entry.type ) == family( type );
         if ( !lastReadOK )
            return null;
         // A wide string read as 8-bit characters loses what does not fit.
         return type == DataType.String8 ? latin1( entry.value ).toString( "latin1" ) : entry.value;
      }

      static write( key, type, value )
      {
         if ( typeof key != "string" || key === "" )
            throw new TypeError( "Settings.write: a non-empty key is expected" );
         host.settings.set( key, { type, value: stored( value, type ) } );
         save();
      }

      static remove( key )
      {
         const had = host.settings.delete( key );
         save();
         return had;
      }
   }

   class Parameters
   {
      static get isViewTarget() { return host.current.target.kind == "view"; }
      static get isGlobalTarget() { return host.current.target.kind == "global"; }
      static get targetView() { return host.current.target.kind == "view" ? host.imaging.viewById( host.current.target.id ) : null; }

      static has( id ) { return host.current.parameters.has( id ); }
      static set( id, value )
      {
         if ( !/^[A-Za-z_]\w*$/.test( id ) )
            throw new Error( `Parameters.set: invalid identifier '${id}'` );
         host.current.parameters.set( id, String( value ) );
      }
      static get( id )
      {
         if ( !host.current.parameters.has( id ) )
            throw new Error( `Parameters: no parameter '${id}'` );
         return host.current.parameters.get( id );
      }
      static remove( id ) { host.current.parameters.delete( id ); }
      static clear() { host.current.parameters.clear(); }
      static getString( id ) { return this.get( id ); }
      static getBoolean( id ) { return /^(true|1)$/i.test( this.get( id ) ); }
      static getReal( id ) { return number( id, Number( this.get( id ) ) ); }
      static getInteger( id, radix ) { return number( id, parseInt( this.get( id ), radix || undefined ) ); }
      static getUInt( id, radix ) { return number( id, parseInt( this.get( id ), radix || undefined ) ); }
   }

   function number( id, value )
   {
      if ( Number.isNaN( value ) )
         throw new Error( `Parameters: '${id}' is not a number` );
      return value;
   }

   return { Settings, Parameters };
}
