// Real paths and the paths a script sees. On "Windows" every path wears a drive letter.

import { isAbsolute, resolve } from "node:path";

const DRIVE = /^[A-Za-z]:/;

export class Paths
{
   #windows;
   #currentDrive;
   #base;

   /** @param base folder that relative paths start from */
   constructor( { platform, currentDrive, base } )
   {
      this.#windows = platform == "Windows";
      this.#currentDrive = currentDrive;
      this.#base = base;
   }

   /** The path as PixInsight shows it: "/" everywhere, a drive on Windows. */
   shown( path )
   {
      const unix = path.replaceAll( "\\", "/" );
      return this.#windows && !DRIVE.test( unix ) ? "C:" + unix : unix;
   }

   /** The path on this machine. Only drive C: exists; on Windows a path without a drive leads to the current one. */
   real( path )
   {
      if ( typeof path != "string" || path === "" )
         throw new TypeError( "a non-empty file path is expected" );
      if ( !this.#windows || DRIVE.test( resolve( "/" ) ) )
         return isAbsolute( path ) ? path : resolve( this.#base, path );
      const unix = path.replaceAll( "\\", "/" );
      const drive = DRIVE.test( unix ) ? unix.slice( 0, 2 ) : this.#currentDrive;
      const rest = unix.replace( DRIVE, "" );
      return drive.toUpperCase() == "C:" ? resolve( this.#base, rest ) : `/no-such-drive-${drive[0]}/${rest}`;
   }

   /** A program or its argument: real as it stands, or a Windows form of something real. */
   argument( text )
   {
      return this.#windows && /^C:[\\/]/.test( text ) ? this.real( text ) : text;
   }
}

// Parts of a path, as PCL's File cuts them.

export const drive = path => path.match( DRIVE )?.[0] ?? "";

/** Folder without drive and without the last slash: "C:/a/b.c" gives "/a". */
export function directory( path )
{
   const at = path.lastIndexOf( "/" );
   return at < 0 ? "" : at == 0 || DRIVE.test( path ) && at == 2 ? "/" : path.slice( drive( path ).length, at );
}

export const nameAndExtension = path => path.slice( Math.max( path.lastIndexOf( "/" ), drive( path ).length - 1 ) + 1 );

export function extension( path )
{
   const name = nameAndExtension( path );
   const at = name.lastIndexOf( "." );
   return at < 0 ? "" : name.slice( at );
}

export function name( path )
{
   const whole = nameAndExtension( path );
   return whole.slice( 0, whole.length - extension( path ).length );
}
