// From a script file to the one text V8 gets: includes, macros, conditions, features.

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { stripComments } from "./scan.mjs";
import { holds, isCondition } from "./conditions.mjs";
import { systemHeader } from "./headers.mjs";

const NAME = /^[A-Za-z_$][\w$]*$/;
const WORD = /[A-Za-z_$][\w$]*/g;
const DIRECTIVE = /^[ \t]*#[ \t]*([a-z][a-z-]*)(?=\s|$)(.*)$/;
const KNOWN = new Set( [ "define", "undef", "include", "else", "endif", "error", "warning", "engine", "script-id",
   "feature-id", "feature-info", "feature-icon" ] );
const DEEPEST = 64;

/**
 * @param options { platform, version, tables, shown, commentsInStrings, warn }; `shown` turns a real path into the one
 *        scripts see, `tables` are the constants that headers define.
 * @returns { text, origin, features }: `origin[i]` = { file, line } of line i of the text.
 */
export function preprocess( path, options )
{
   const state = { ...options, macros: builtInMacros( options ), lines: [], origin: [], features: {} };
   includeFile( path, state, 0 );
   return { text: state.lines.join( "\n" ), origin: state.origin, features: state.features };
}

function builtInMacros( { platform, version } )
{
   const [ major, minor, release, build = 1702 ] = version;
   return new Map( [
      [ "__PI_PLATFORM__", { Linux: "LINUX", Windows: "MSWINDOWS", macOS: "MACOSX" }[platform] ],
      [ "__PI_MAJOR__", String( major ) ], [ "__PI_MINOR__", String( minor ) ], [ "__PI_RELEASE__", String( release ) ],
      [ "__PI_BUILD__", String( build ) ], [ "__PI_VERSION__", JSON.stringify( `${major}.${minor}.${release}` ) ] ] );
}

function includeFile( path, state, depth )
{
   if ( depth > DEEPEST )
      throw new SyntaxError( `#include nested too deep: ${path}` );
   includeText( readFileSync( path, "utf8" ).replace( /^\uFEFF/, "" ), path, state, depth );
}

function includeText( source, path, state, depth )
{
   const { text, code } = stripComments( source, state );
   const conditions = []; // each { active, taken }
   const lines = text.split( "\n" );
   let offset = 0;
   for ( let i = 0; i < lines.length; ++i )
   {
      const first = i, start = offset;
      let line = lines[i].replace( /\r$/, "" );
      offset += lines[i].length + 1;
      const match = code[start + line.search( /\S|$/ )] || line.trim() === "" ? line.match( DIRECTIVE ) : null;
      if ( match && (KNOWN.has( match[1] ) || isCondition( match[1] )) )
      {
         while ( line.endsWith( "\\" ) && i + 1 < lines.length )
         {
            offset += lines[i + 1].length + 1;
            line = line.slice( 0, -1 ) + " " + lines[++i].replace( /\r$/, "" ).trim();
         }
         const [ , name, rest ] = line.match( DIRECTIVE );
         direct( name, rest.trim(), { path, line: first + 1, depth, conditions }, state );
      }
      else if ( conditions.every( c => c.active ) )
         emit( expand( line, code.subarray( start ), path, state ), path, first + 1, state );
   }
   if ( conditions.length > 0 )
      throw new SyntaxError( `${path}: #if without #endif` );
}

function direct( name, text, at, state )
{
   const { conditions, path } = at;
   if ( isCondition( name ) )
   {
      const active = conditions.every( c => c.active ) && holds( name, text, state.macros );
      conditions.push( { active } );
      return;
   }
   if ( name == "else" || name == "endif" )
   {
      if ( conditions.length == 0 )
         throw new SyntaxError( `${path}:${at.line}: #${name} without #if` );
      const last = conditions.pop();
      if ( name == "else" )
         conditions.push( { active: !last.active } );
      return;
   }
   if ( !conditions.every( c => c.active ) )
      return;
   if ( name == "define" )
      define( text, at, state );
   else if ( name == "undef" )
      state.macros.delete( text );
   else if ( name == "include" )
      include( text, at, state );
   else if ( name == "error" )
      throw new SyntaxError( `${path}:${at.line}: #error ${text}` );
   else if ( name == "warning" )
      state.warn( `** Warning: ${text}` );
   else if ( name != "engine" && at.depth == 0 )
      state.features[name] = name == "feature-id" ? featureId( text ) : text;
}

function define( text, at, state )
{
   const [ , name, value ] = text.match( /^(\S+)\s*(.*)$/ ) ?? [];
   if ( name === undefined || !NAME.test( name ) )
      throw new SyntaxError( `${at.path}:${at.line}: #define ${text}: not emulated (plain names only)` );
   state.macros.set( name, value.replace( /\s*\/\/.*$/, "" ).trim() );
}

function include( text, { path, line, depth }, state )
{
   const system = text.match( /^<(.+)>$/ )?.[1];
   if ( system !== undefined )
   {
      includeText( systemHeader( system, state.tables ), `<${system}>`, state, depth + 1 );
      return;
   }
   const name = text.match( /^"(.+)"$/ )?.[1];
   if ( name === undefined )
      throw new SyntaxError( `${path}:${line}: #include ${text}: a "file" or <header> is expected` );
   includeFile( resolve( dirname( path ), name ), state, depth + 1 );
}

/** `Id : Menu > Item | Menu2 > Item` as { id, entries }; menus are paths of names. */
export function featureId( text )
{
   const [ , id, menus ] = text.match( /^(?:([^:]*?)\s*:)?\s*(.*)$/ );
   return { id: id || undefined, entries: menus.split( "|" ).map( entry => entry.split( ">" ).map( s => s.trim() ) ) };
}

function emit( line, path, number, state )
{
   state.lines.push( line );
   state.origin.push( { file: path, line: number } );
}

/** Macros replaced in the code of one line; `#__NAME__` of a known macro becomes a string. */
function expand( line, code, path, state )
{
   return line.replace( /#?[A-Za-z_$][\w$]*/g, ( found, at ) =>
   {
      if ( !code[at] || line[at - 1] == "." || /[\w$]/.test( line[at - 1] ?? " " ) )
         return found;
      if ( found == "#__FILE__" )
         return JSON.stringify( state.shown( path ) );
      if ( found.startsWith( "#" ) )
         return /^#__\w+__$/.test( found ) && state.macros.has( found.slice( 1 ) )
            ? JSON.stringify( state.macros.get( found.slice( 1 ) ) ) : found;
      return expandWord( found, state.macros, [] );
   } );
}

function expandWord( word, macros, seen )
{
   if ( !macros.has( word ) || seen.includes( word ) )
      return word;
   const value = macros.get( word );
   return /^".*"$/.test( value ) ? value : value.replace( WORD, inner => expandWord( inner, macros, [ ...seen, word ] ) );
}
