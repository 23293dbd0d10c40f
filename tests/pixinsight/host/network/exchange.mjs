// One HTTP exchange from the request to its end: data and progress go to the handlers as they come.

const SETTLE_TRIES = 200;
const SETTLE_SECONDS = 0.01;
export const ABORTED = "Operation was aborted by an application callback";

/**
 * Sends `request` and follows it.
 *
 * `line` = { id, inbox }; `handlers` = { data( bytes ), progress( dlTotal, dlNow, ulTotal, ulNow ) or null }, anything but
 * true from either aborts. `result` is filled as things become known.
 */
export function exchange( host, line, request, handlers, result )
{
   const uploadTotal = request.body?.length ?? 0;
   const post = message => host.outside.post( line.id, message );
   line.inbox.length = 0;
   host.outside.post( line.id, { kind: "request", ...request }, request.body === null ? [] : [ request.body.buffer ] );
   try
   {
      if ( follow( host, line, handlers, result, uploadTotal ) === "aborted" )
      {
         post( { kind: "abort" } );
         Object.assign( result, { ok: false, aborted: true, errorInformation: ABORTED } );
         settle( host, line );
      }
   }
   catch ( error )
   {
      post( { kind: "abort" } );
      throw error;
   }
}

function follow( host, { inbox }, handlers, result, uploadTotal )
{
   const interval = host.quirk( "progressSeconds" );
   const now = () => performance.now()/1000;
   let downloadTotal = 0, sent = 0, nextProgress = now() + interval;
   for ( ;; )
   {
      host.checkTime();
      if ( inbox.length == 0 && host.outside.pump() == 0 )
         host.outside.wait( Math.min( interval, nextProgress - now() ) );
      for ( let message; (message = inbox.shift()) !== undefined; )
         switch ( message.type )
         {
         case "head":
            downloadTotal = message.length;
            Object.assign( result, { responseCode: message.status, contentType: message.contentType } );
            break;
         case "sent":
            sent = message.bytes;
            break;
         case "data":
            if ( !deliver( host, message.bytes, handlers, result ) )
               return "aborted";
            break;
         case "end":
            result.ok = result.responseCode < 400 || host.quirk( "errorAnswers" ) == "complete";
            if ( !result.ok )
               result.errorInformation = `The requested URL returned error: ${result.responseCode}`;
            return "ended";
         default:
            result.errorInformation = message.message;
            return "failed";
         }
      if ( handlers.progress && now() >= nextProgress )
      {
         nextProgress = now() + interval;
         if ( handlers.progress( downloadTotal, result.bytes, uploadTotal, sent ) !== true )
            return "aborted";
      }
   }
}

/** Body bytes in chunks; the body of a redirect, which is not followed, never arrives, nor one that is withheld. */
function deliver( host, bytes, handlers, result )
{
   const withheld = host.quirk( "errorAnswers" ) == "withheld" ? Infinity : 400;
   if ( result.responseCode >= 300 && result.responseCode < withheld )
      return true;
   const most = host.quirk( "chunkBytes" );
   for ( let at = 0; at < bytes.length; at += most )
   {
      const chunk = bytes.subarray( at, at + most );
      result.bytes += chunk.length;
      if ( handlers.data( host.bytes( chunk ) ) !== true )
         return false;
   }
   return true;
}

/** Waits until an aborted request has really ended, so that its remains cannot meet the next one. */
function settle( host, { inbox } )
{
   for ( let tries = 0; tries < SETTLE_TRIES; ++tries )
   {
      host.outside.pump();
      if ( inbox.some( message => message.type == "end" || message.type == "error" ) )
         break;
      host.outside.wait( SETTLE_SECONDS );
   }
   inbox.length = 0;
}
