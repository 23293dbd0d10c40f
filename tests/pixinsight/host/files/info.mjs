// FileInfo and FileFind.

import * as fs from "node:fs";
import { join } from "node:path";
import { HostObject } from "../object.mjs";
import * as parts from "./paths.mjs";

export function install( host )
{
   class FileInfo extends HostObject
   {
      #path = "";
      #stat;

      constructor( source = "" )
      {
         super();
         this.refresh( typeof source == "string" ? source : source.path );
      }

      refresh( path = this.#path )
      {
         this.#path = path;
         this.#stat = path === "" ? undefined : fs.statSync( host.paths.real( path ), { throwIfNoEntry: false } );
      }

      assign( other ) { this.refresh( other.path ); }
      clear() { this.refresh( "" ); }

      get path() { return this.#path; }
      get drive() { return parts.drive( this.#path ); }
      get directory() { return parts.directory( this.#path ); }
      get name() { return parts.name( this.#path ); }
      get extension() { return parts.extension( this.#path ); }
      get suffix() { return parts.extension( this.#path ); }
      get nameAndExtension() { return parts.nameAndExtension( this.#path ); }
      get nameAndSuffix() { return parts.nameAndExtension( this.#path ); }
      get exists() { return this.#stat !== undefined; }
      get isFile() { return this.#stat?.isFile() ?? false; }
      get isDirectory() { return this.#stat?.isDirectory() ?? false; }
      get isHidden() { return parts.nameAndExtension( this.#path ).startsWith( "." ); }
      get isReadable() { return this.#allows( fs.constants.R_OK ); }
      get isWritable() { return this.#allows( fs.constants.W_OK ); }
      get isExecutable() { return this.#allows( fs.constants.X_OK ); }
      get size() { return this.#stat?.size ?? 0; }
      get lastModified() { return this.#stat?.mtime ?? new Date( 0 ); }
      get lastAccessed() { return this.#stat?.atime ?? new Date( 0 ); }
      get timeCreated() { return this.#stat?.birthtime ?? new Date( 0 ); }

      #allows( access )
      {
         try
         {
            fs.accessSync( host.paths.real( this.#path ), access );
            return true;
         }
         catch
         {
            return false;
         }
      }
   }

   class FileFind extends HostObject
   {
      #entries = [];
      #current;
      #searchPath = "";

      constructor( path )
      {
         super();
         if ( path !== undefined )
            this.begin( path );
      }

      begin( path )
      {
         this.#searchPath = path;
         const mask = new RegExp( "^" + parts.nameAndExtension( path ).replace( /[.+^${}()|[\]\\]/g, "\\$&" )
            .replace( /\*/g, ".*" ).replace( /\?/g, "." ) + "$" );
         const folder = host.paths.real( parts.drive( path ) + parts.directory( path ) );
         this.#entries = fs.existsSync( folder )
            ? fs.readdirSync( folder ).filter( name => mask.test( name ) )
               .map( name => ( { name, stat: fs.statSync( join( folder, name ) ) } ) )
            : [];
         return this.next();
      }

      next()
      {
         this.#current = this.#entries.shift();
         return this.#current !== undefined;
      }

      end()
      {
         this.#entries = [];
         this.#current = undefined;
      }

      get searchPath() { return this.#searchPath; }
      get isValid() { return this.#current !== undefined; }
      get name() { return this.#current?.name ?? ""; }
      get isFile() { return this.#current?.stat.isFile() ?? false; }
      get isDirectory() { return this.#current?.stat.isDirectory() ?? false; }
      get size() { return this.#current?.stat.size ?? 0; }
      get lastModified() { return this.#current?.stat.mtime ?? new Date( 0 ); }
   }

   return { FileInfo, FileFind };
}
