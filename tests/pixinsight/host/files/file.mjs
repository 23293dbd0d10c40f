// File: an open file, with the static functions of fileStatics.mjs.

import * as fs from "node:fs";
import { bytesOf, isByteArray, latin1 } from "./bytes.mjs";
import { RUNTIME } from "../core/constants.mjs";
import { staticsOf } from "./fileStatics.mjs";

const { DataType, FileMode, SeekMode } = RUNTIME;
const NUMBERS = { Int8: "Int8Array", UInt8: "Uint8Array", Int16: "Int16Array", UInt16: "Uint16Array", Int32: "Int32Array",
   UInt32: "Uint32Array", Real32: "Float32Array", Real64: "Float64Array", Boolean: "Uint8Array" };
const nameOfType = value => Object.keys( DataType ).find( key => DataType[key] === value );

export function install( host )
{
   const base = staticsOf( host );

   class File extends base
   {
      #fd = null;
      #path = "";
      #mode = 0;
      #position = 0;

      constructor( path, mode )
      {
         super();
         if ( path !== undefined )
            this.open( path, mode );
      }

      get path() { return this.#path; }
      get mode() { return this.#mode; }
      get isOpen() { return this.#fd !== null; }
      get canRead() { return this.isOpen && (this.#mode & FileMode.Read) != 0; }
      get canWrite() { return this.isOpen && (this.#mode & FileMode.Write) != 0; }
      get position() { return this.#position; }
      set position( value ) { this.#position = value; }
      get size() { return fs.fstatSync( this.#descriptor() ).size; }
      get isEOF() { return this.#position >= this.size; }

      #descriptor()
      {
         if ( this.#fd === null )
            throw new Error( "File: no open file" );
         return this.#fd;
      }

      #open( path, flags, mode )
      {
         if ( this.isOpen )
            throw new Error( `File: already open: ${this.#path}` );
         host.faults.check( "open", path );
         try
         {
            this.#fd = fs.openSync( host.paths.real( path ), flags );
         }
         catch ( error )
         {
            throw new Error( `File I/O Error: Unable to open file: ${path}: ${error.message}` );
         }
         this.#path = path;
         this.#mode = mode;
         this.#position = 0;
         host.openFiles.set( this, path );
      }

      open( path, mode = FileMode.Read | FileMode.Open )
      {
         const create = (mode & FileMode.Create) != 0, write = (mode & FileMode.Write) != 0;
         this.#open( path, create ? "w+" : write ? "r+" : "r", mode );
      }

      create( path ) { this.#open( path, "w+", FileMode.Read | FileMode.Write | FileMode.Create ); }
      createForWriting( path ) { this.#open( path, "w", FileMode.Write | FileMode.Create ); }
      openForReading( path ) { this.#open( path, "r", FileMode.Read | FileMode.Open ); }
      openForReadWrite( path ) { this.#open( path, "r+", FileMode.Read | FileMode.Write | FileMode.Open ); }
      openOrCreate( path )
      {
         this.#open( path, fs.existsSync( host.paths.real( path ) ) ? "r+" : "w+", FileMode.Read | FileMode.Write );
      }

      close()
      {
         if ( this.#fd === null )
            return;
         fs.closeSync( this.#fd );
         this.#fd = null;
         host.openFiles.delete( this );
      }

      flush() { this.#descriptor(); }
      rewind() { this.#position = 0; }
      seekEnd() { return this.seek( 0, SeekMode.FromEnd ); }

      seek( offset, mode = SeekMode.FromCurrent )
      {
         const origin = { [SeekMode.FromBegin]: 0, [SeekMode.FromCurrent]: this.#position, [SeekMode.FromEnd]: this.size };
         this.#position = origin[mode] + offset;
         return this.#position;
      }

      #put( bytes )
      {
         host.faults.check( "write", this.#path );
         if ( !this.canWrite )
            throw new Error( `File: not open for writing: ${this.#path}` );
         for ( let done = 0; done < bytes.length; )
            done += fs.writeSync( this.#fd, bytes, done, bytes.length - done, this.#position + done );
         this.#position += bytes.length;
      }

      write( value, dataType )
      {
         this.#put( encode( value, dataType ) );
      }

      outText( text, dataType = DataType.String8 )
      {
         if ( typeof text != "string" )
            throw new TypeError( "File.outText: a String is expected" );
         this.#put( dataType == DataType.UCString ? Buffer.from( text, "utf16le" ) : latin1( text ) );
      }

      outTextLn( text, dataType )
      {
         this.outText( text + "\n", dataType );
      }

      read( dataType, count = 1 )
      {
         host.faults.check( "read", this.#path );
         if ( !this.canRead )
            throw new Error( `File: not open for reading: ${this.#path}` );
         const type = nameOfType( dataType );
         const View = globalThis[NUMBERS[type] ?? (/Array$/.test( type ) && type != "ByteArray" ? type : "Uint8Array")];
         const bytes = new Uint8Array( count*View.BYTES_PER_ELEMENT );
         let done = 0;
         for ( let n; done < bytes.length && (n = fs.readSync( this.#fd, bytes, done, bytes.length - done, this.#position + done )) > 0; )
            done += n;
         if ( done < bytes.length )
            throw new Error( `File I/O Error: Attempt to read past the end of file: ${this.#path}` );
         this.#position += done;
         if ( dataType == DataType.ByteArray )
            return host.bytes( bytes );
         if ( dataType == DataType.String8 )
            return Buffer.from( bytes ).toString( "latin1" );
         const view = new View( bytes.buffer );
         return type in NUMBERS ? count == 1 ? view[0] : Array.from( view ) : view;
      }
   }

   host.openFiles = new Map(); // what is open: its path
   host.atEnd( () => { for ( const file of [ ...host.openFiles.keys() ] ) file.close(); } );
   return { File };
}

function encode( value, dataType )
{
   if ( isByteArray( value ) )
      return bytesOf( value );
   if ( ArrayBuffer.isView( value ) )
      return new Uint8Array( value.buffer, value.byteOffset, value.byteLength );
   if ( typeof value == "string" && (dataType === undefined || dataType == DataType.String8) )
      return latin1( value );
   const View = globalThis[NUMBERS[nameOfType( dataType )]];
   if ( typeof value == "number" && View !== undefined )
      return new Uint8Array( View.of( value ).buffer );
   throw new TypeError( "File.write: a ByteArray, typed array, String or a number with its DataType is expected" );
}
