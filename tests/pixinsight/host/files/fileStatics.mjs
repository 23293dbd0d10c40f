// The static functions of File.

import * as fs from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { HostObject } from "../object.mjs";
import { RUNTIME } from "../core/constants.mjs";
import { bytesOf } from "./bytes.mjs";
import * as parts from "./paths.mjs";

const { ReadTextOption } = RUNTIME;

/** A class whose statics are File's; File itself extends it. */
export function staticsOf( host )
{
   const { paths, faults } = host;

   /** On Windows a file that is open can be neither removed nor moved. */
   const isHeld = ( operation, real ) => host.platform == "Windows" && [ "remove", "move" ].includes( operation )
      && [ ...host.openFiles.values() ].some( path => paths.real( path ) == real );

   /** Runs `work` on the real path; faults and system errors become File's errors. */
   const act = ( operation, path, what, work ) =>
   {
      const real = paths.real( path );
      faults.check( operation, path );
      try
      {
         if ( isHeld( operation, real ) )
            throw new Error( "the process cannot access the file because it is being used" );
         return work( real );
      }
      catch ( error )
      {
         throw new Error( `File I/O Error: ${what}: ${path}: ${error.message}` );
      }
   };
   const stat = path => fs.statSync( paths.real( path ), { throwIfNoEntry: false } );
   const readText = path => Buffer.from( act( "read", path, "Unable to read", real => fs.readFileSync( real ) ) )
      .toString( host.quirk( "textFileEncoding" ) );

   return class FileStatics extends HostObject
   {
      static get systemTempDirectory() { return paths.shown( host.tempFolder ); }
      static get systemCacheDirectory() { return paths.shown( host.tempFolder ); }
      static get homeDirectory() { return paths.shown( host.home ); }
      static get currentWorkingDirectory() { return paths.shown( host.home ); }
      static get rootDirectory() { return paths.shown( "/" ); }

      static exists( path ) { return stat( path )?.isFile() ?? false; }
      static directoryExists( path ) { return stat( path )?.isDirectory() ?? false; }

      static readFile( path ) { return host.bytes( act( "read", path, "Unable to read", real => fs.readFileSync( real ) ) ); }
      static writeFile( path, data )
      {
         const bytes = bytesOf( data );
         act( "write", path, "Unable to write", real => fs.writeFileSync( real, bytes ) );
      }
      static readTextFile( path ) { return readText( path ); }
      static writeTextFile( path, text )
      {
         const bytes = Buffer.from( text, host.quirk( "textFileEncoding" ) );
         act( "write", path, "Unable to write", real => fs.writeFileSync( real, bytes ) );
      }
      static readLines( path, options = ReadTextOption.None )
      {
         let lines = readText( path ).split( /\r?\n/ );
         if ( options & ReadTextOption.TrimTrailingSpaces )
            lines = lines.map( line => line.trimEnd() );
         if ( options & ReadTextOption.TrimLeadingSpaces )
            lines = lines.map( line => line.trimStart() );
         return options & ReadTextOption.RemoveEmptyLines ? lines.filter( line => line !== "" ) : lines;
      }

      static createFile( path ) { return open( this, "create", path ); }
      static createFileForWriting( path ) { return open( this, "createForWriting", path ); }
      static openFile( path ) { return open( this, "openForReading", path ); }
      static openFileForReading( path ) { return open( this, "openForReading", path ); }
      static openOrCreateFile( path ) { return open( this, "openOrCreate", path ); }

      static createDirectory( path, intermediates = true )
      {
         act( "createDirectory", path, "Unable to create directory", real => fs.mkdirSync( real, { recursive: intermediates } ) );
      }
      static remove( path ) { act( "remove", path, "Unable to remove file", real => fs.unlinkSync( real ) ); }
      static removeDirectory( path ) { act( "remove", path, "Unable to remove directory", real => fs.rmdirSync( real ) ); }
      static move( from, to )
      {
         act( "move", from, "Unable to move file", real => fs.renameSync( real, paths.real( to ) ) );
      }
      /** Target first. */
      static copyFile( target, source )
      {
         const real = paths.real( source );
         if ( !fs.existsSync( real ) )
            throw new Error( `File I/O Error: No such file: ${source}` );
         act( "write", target, "Unable to copy file to", to => fs.copyFileSync( real, to ) );
      }
      static moveFile( target, source ) { this.move( source, target ); }
      static searchDirectory( pattern, recursive = false )
      {
         const folder = parts.drive( pattern ) + parts.directory( pattern );
         const mask = new RegExp( "^" + parts.nameAndExtension( pattern ).replace( /[.+^${}()|[\]\\]/g, "\\$&" )
            .replace( /\*/g, ".*" ).replace( /\?/g, "." ) + "$" );
         return fs.readdirSync( paths.real( folder ), { withFileTypes: true, recursive } )
            .filter( entry => entry.isFile() && mask.test( entry.name ) )
            .map( entry => paths.shown( join( entry.parentPath, entry.name ) ) ).sort();
      }

      static extractDrive( path ) { return parts.drive( path ); }
      static extractDirectory( path ) { return parts.directory( path ); }
      static extractName( path ) { return parts.name( path ); }
      static extractExtension( path ) { return parts.extension( path ); }
      static extractSuffix( path ) { return parts.extension( path ); }
      static extractNameAndExtension( path ) { return parts.nameAndExtension( path ); }
      static extractNameAndSuffix( path ) { return parts.nameAndExtension( path ); }
      static changeExtension( path, extension )
      {
         return path.slice( 0, path.length - parts.extension( path ).length ) + extension;
      }
      static changeSuffix( path, suffix ) { return this.changeExtension( path, suffix ); }
      static appendToName( path, text )
      {
         const extension = parts.extension( path );
         return path.slice( 0, path.length - extension.length ) + text + extension;
      }
      static prependToName( path, text )
      {
         const whole = parts.nameAndExtension( path );
         return path.slice( 0, path.length - whole.length ) + text + whole;
      }
      static fullPath( path ) { return paths.shown( paths.real( path ) ); }
      static uniqueFileName( folder = "", n = 8, prefix = "", postfix = "" )
      {
         const where = folder === "" ? "" : folder.replace( /\/$/, "" ) + "/";
         let path;
         do
            path = where + prefix + randomBytes( n ).toString( "hex" ).slice( 0, n ) + postfix;
         while ( fs.existsSync( paths.real( path ) ) );
         return path;
      }
      static windowsPathToUnix( path ) { return path.replaceAll( "\\", "/" ); }
      static unixPathToWindows( path ) { return path.replaceAll( "/", "\\" ); }
      static getAvailableSpace( folder )
      {
         const { bavail, bsize } = fs.statfsSync( paths.real( folder ) );
         return bavail*bsize;
      }
      static isReadOnly( path )
      {
         return (stat( path )?.mode & 0o200) == 0;
      }
   };

   function open( Class, method, path )
   {
      const file = new Class;
      file[method]( path );
      return file;
   }
}
