// What a request says: headers by libcurl's rules, and the body of an upload.

import { bytesOf } from "../files/bytes.mjs";

const UPLOAD_CHUNK = 16384;

/**
 * Header pairs of a request. Custom `Name: value` replaces a default, `Name:` removes it, `Name;` sends it empty.
 */
export function requestHeaders( { url, agent, body, defaultType, custom, expectContinue } )
{
   const headers = [ [ "Host", url.host ], [ "User-Agent", agent ] ];
   if ( body !== null )
      headers.push( [ "Content-Length", String( body.length ) ] );
   if ( defaultType !== null )
      headers.push( [ "Content-Type", defaultType ] );
   if ( expectContinue )
      headers.push( [ "Expect", "100-continue" ] );
   for ( const line of custom )
   {
      const [ , name, kind, rest ] = line.match( /^([^:;]+)([:;])\s*(.*)$/s );
      const at = headers.findIndex( ( [ known ] ) => known.toLowerCase() == name.toLowerCase() );
      if ( at >= 0 )
         headers.splice( at, 1 );
      if ( rest !== "" || kind == ";" )
         headers.push( [ name, rest ] );
   }
   return headers;
}

/** All bytes an upload handler gives until an empty array; null if it breaks a rule. */
export function upload( ask, size )
{
   const chunks = [];
   for ( let total = 0; size == 0 || total < size; )
   {
      let bytes;
      try
      {
         bytes = bytesOf( ask( UPLOAD_CHUNK ) );
      }
      catch
      {
         return null;
      }
      if ( bytes.length > UPLOAD_CHUNK )
         return null;
      if ( bytes.length == 0 )
         break;
      chunks.push( Buffer.from( bytes ) );
      total += bytes.length;
   }
   return Buffer.concat( chunks );
}
