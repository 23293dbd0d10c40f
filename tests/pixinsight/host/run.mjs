// One run of a script: engine, text, context, the user beside it, and the clean end.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import * as vm from "node:vm";
import { chosenEngine, requireEngine } from "./preprocess/engine.mjs";
import { preprocess } from "./preprocess/preprocessor.mjs";
import { RUNTIME } from "./core/constants.mjs";
import { IMAGING } from "./core/imagingConstants.mjs";
import { ownNames } from "./object.mjs";

const GETTER = Symbol.for( "getter" );
const GRACE_SECONDS = 1; // a loop that never meets the emulator is cut off this long after the limit

export const md5 = path => createHash( "md5" ).update( readFileSync( path ) ).digest( "hex" );
const sha256 = path => createHash( "sha256" ).update( readFileSync( path ) ).digest( "hex" );
const signatureOf = path => path.replace( /\.js$/, "" ) + ".xsgn";

/** Writes a signature beside a script; editing the script afterwards makes it invalid. */
export function sign( path )
{
   writeFileSync( signatureOf( path ), `<xsgn sha256="${sha256( path )}"/>\n` );
}

function checkSignature( path )
{
   const file = signatureOf( path );
   if ( existsSync( file ) && !readFileSync( file, "utf8" ).includes( sha256( path ) ) )
      throw new Error( `*** Error: Invalid code signature: ${path}` );
}

/** Text and context of a script, ready to run. Throws what PixInsight reports when it loads the script. */
export function load( host, path, args )
{
   checkSignature( path );
   const engine = chosenEngine( readFileSync( path, "utf8" ), host.quirk( "engineScanBytes" ) );
   requireEngine( engine, { version: host.version, legacyEngine: host.quirk( "legacyEngine" ) } );
   const program = preprocess( resolve( path ), { platform: host.platform, version: host.version, tables: { ...RUNTIME, ...IMAGING },
      shown: p => host.paths.shown( p ), commentsInStrings: host.quirk( "commentsInStrings" ),
      warn: text => host.console.write( "warningln", text ) } );
   for ( const [ , name ] of program.text.matchAll( /[.\s]([A-Za-z_$][\w$]*)\s*(?:[-+*/|&?]{0,2})=(?!=)/g ) )
      ownNames.add( name );
   return { ...program, context: contextFor( host, engine, path, args ) };
}

function contextFor( host, engine, path, args )
{
   const key = engine == "v8-default" ? "root" : engine == "v8-private" ? path : null;
   const context = host.contexts.get( key ) ?? newContext( host );
   if ( key !== null )
      host.contexts.set( key, context );
   host.realm.enter( context );
   context.jsArguments = host.realm.value( args );
   return context;
}

function newContext( host )
{
   const context = vm.createContext( vm.constants.DONT_CONTEXTIFY );
   for ( const [ name, value ] of Object.entries( host.globals ) )
      Object.defineProperty( context, name, { configurable: true, enumerable: false,
         ...value?.[GETTER] ? { get: value[GETTER] } : { value, writable: true } } );
   return context;
}

/** Runs a loaded program to its end; errors name the files and lines of the sources. */
export function execute( host, program, path, seconds )
{
   try
   {
      new vm.Script( program.text, { filename: path } ).runInContext( program.context, { timeout: 1000*(seconds + GRACE_SECONDS) } );
   }
   catch ( error )
   {
      locate( error, path, program.origin );
      throw error;
   }
}

/** Turns lines of the joined text in a stack into lines of the source files. */
function locate( error, path, origin )
{
   if ( typeof error?.stack != "string" )
      return;
   const at = new RegExp( path.replace( /[.*+?^${}()|[\]\\]/g, "\\$&" ) + ":(\\d+)", "g" );
   error.stack = error.stack.replace( at, ( whole, line ) =>
   {
      const source = origin[line - 1];
      return source ? `${source.file}:${source.line}` : whole;
   } );
}
