import assert from "node:assert/strict";
import { test } from "node:test";
import { DEAD_URL, serve, stage } from "./stage.mjs";

const POST = `
function exchange( url, body, { answer = true, headers = [], progress } = {} )
{
   const t = new NetworkTransfer;
   t.setURL( url );
   t.setCustomHTTPHeaders( headers );
   t.setConnectionTimeout( 5 );
   const all = new ByteArray;
   t.onDownloadDataAvailable = chunk => { all.add( chunk ); return answer; };
   if ( progress )
      t.onTransferProgress = progress;
   const ok = body === null ? t.download() : t.post( body );
   return { ok, code: t.responseCode, aborted: t.aborted, text: all.utf8ToString(), bytes: all, error: t.errorInformation, transfer: t };
}
const tell = ( ...values ) => console.writeln( "<raw>" + JSON.stringify( values ) + "</raw>" );
`;
const told = lines => lines.map( line => JSON.parse( line ) );

test( "trap 14: a handler that does not return true aborts: false, although the data came", () =>
{
   const { url } = serve( { "POST /": { body: "data" } } );
   const { lines } = stage();
   for ( const answer of [ "1", "\"true\"", "false" ] )
      assert.deepEqual( told( lines( POST + `const r = exchange( "${url}/", "x", { answer: ${answer} } );
         tell( r.ok, r.aborted, r.text, r.code );` ) ),
         [ [ false, true, "data", 200 ] ] );
   assert.deepEqual( told( lines( POST + `const t = new NetworkTransfer; t.setURL( "${url}/" ); let n = 0;
      t.onDownloadDataAvailable = function( data ) { n += data.length; };
      tell( t.post( "x" ), t.aborted, n, t.responseCode );` ) ), [ [ false, true, 4, 200 ] ] );
} );

test( "trap 15: no handler set before post or download", () =>
{
   const source = POST + `const t = new NetworkTransfer; t.setURL( "${DEAD_URL}/" ); tell( t.download() );`;
   assert.throws( () => stage().run( source ), /no download handler/ );
   assert.deepEqual( told( stage( { quirks: { missingHandler: "false" } } ).lines( source ) ), [ [ false ] ] );
} );

test( "trap 16: setURL clears the headers", () =>
{
   const server = serve( { "POST /": {} } );
   const { run } = stage();
   run( `for ( const urlLast of [ true, false ] )
   {
      const t = new NetworkTransfer;
      t.setURL( "${server.url}/" );
      t.setCustomHTTPHeaders( [ "X-Token: secret", "Content-Type: application/json", "User-Agent:" ] );
      if ( urlLast )
         t.setURL( "${server.url}/" );
      t.onDownloadDataAvailable = () => true;
      t.post( "{}" );
   }` );
   const [ without, withHeaders ] = server.requests().map( request => request.headers );
   assert.deepEqual( [ without["x-token"], without["content-type"] ], [ undefined, "application/x-www-form-urlencoded" ] );
   assert.match( without["user-agent"], /^PixInsight-agent\/1\.9\.5-0$/ );
   assert.deepEqual( [ withHeaders["x-token"], withHeaders["content-type"], withHeaders["user-agent"] ], [ "secret", "application/json", undefined ] );
} );

test( "trap 17: post takes a String only, and one byte for each character", () =>
{
   const server = serve( { "POST /": {} } );
   const { run } = stage();
   assert.throws( () => run( POST + `exchange( "${server.url}/", ByteArray.stringToUTF8( "x" ) );` ), /String/ );
   run( POST + `exchange( "${server.url}/", "a\\u00e9\\u03a9" ); exchange( "${server.url}/", "\\\\u03a9" );` );
   assert.deepEqual( server.requests().map( request => request.body ), [ "a\u00e9?", "\\u03a9" ] );
} );

test( "trap 18: true with 4xx and 5xx, the body can be read; the code may be a String; 0 without an answer", () =>
{
   const { url } = serve( { "POST /no": { status: 422, body: "bad" }, "POST /broken": { status: 500, body: "worse" } } );
   const source = POST + `for ( const path of [ "/no", "/broken" ] ) { const r = exchange( "${url}" + path, "x" );
      tell( r.ok, r.code, r.text ); }`;
   assert.deepEqual( told( stage().lines( source ) ), [ [ true, 422, "bad" ], [ true, 500, "worse" ] ] );
   assert.deepEqual( told( stage( { quirks: { responseCodeType: "string" } } ).lines( source ) ), [ [ true, "422", "bad" ], [ true, "500", "worse" ] ] );
   assert.deepEqual( told( stage( { quirks: { errorAnswers: "failed" } } ).lines( source ) ), [ [ false, 422, "bad" ], [ false, 500, "worse" ] ] );
   assert.deepEqual( told( stage( { quirks: { errorAnswers: "withheld" } } ).lines( source ) ), [ [ false, 422, "" ], [ false, 500, "" ] ] );
   assert.deepEqual( told( stage().lines( POST + `tell( (new NetworkTransfer).responseCode );` ) ), [ [ 0 ] ] );
} );

test( "trap 19: redirects are not followed and have no body", () =>
{
   const server = serve( { "POST /x": { status: 308, headers: { Location: "/x/" }, body: "moved" }, "POST /x/": { body: "there" } } );
   assert.deepEqual( told( stage().lines( POST + `const r = exchange( "${server.url}/x", "1" );
      tell( r.ok, r.code, r.text );` ) ), [ [ true, 308, "" ] ] );
   assert.equal( server.requests().length, 1 );
} );

test( "trap 20: data comes in chunks that can split a character", () =>
{
   const { url } = serve( { "GET /": { body: "\u03b1\u03b2\u03b3\u20ac" } } );
   const source = POST + `const t = new NetworkTransfer; t.setURL( "${url}/" ); let each = "", n = 0;
      const all = new ByteArray;
      t.onDownloadDataAvailable = chunk => { ++n; each += chunk.utf8ToString(); all.add( chunk ); return true; };
      tell( t.download(), n, each == all.utf8ToString(), all.utf8ToString(), all.toString() == all.utf8ToString() );`;
   assert.deepEqual( told( stage( { quirks: { chunkBytes: 3 } } ).lines( source ) ), [ [ true, 3, false, "\u03b1\u03b2\u03b3\u20ac", false ] ] );
} );

test( "trap 21: only connecting is bounded; progress comes while nothing moves and is the one place to pump events", () =>
{
   const { url } = serve( { "GET /slow": { delay: 0.5, body: "late" } } );
   const { host, lines } = stage();
   let seen = 0;
   const user = function*( ui )
   {
      for ( ; ; ++seen )
         if ( host.consoleText.includes( "end" ) )
            return;
         else
            yield ui.tick();
   };
   const source = pump => POST + `let n = 0; const r = exchange( "${url}/slow", null, { progress: () => { ++n;
      ${pump} return true; } } );
      tell( r.ok, r.text, n > 2 ); console.writeln( "end" ); CoreApplication.processEvents();
      CoreApplication.processEvents();`;
   assert.match( lines( source( "CoreApplication.processEvents();" ), { user } )[0], /\[true,"late",true\]/ );
   assert.ok( seen > 2, "the user saw the time pass" );
   seen = 0;
   host.console.clear();
   lines( source( "" ), { user } );
   assert.ok( seen < 2, "the user saw nothing" );
} );

test( "trap 22: there is no abort(); a progress handler cancels by returning anything but true", () =>
{
   const { url } = serve( { "GET /never": { hang: true } } );
   const { run, lines } = stage();
   assert.throws( () => run( "(new NetworkTransfer).abort();" ), /NetworkTransfer has no member 'abort'/ );
   for ( const answer of [ "false", "undefined" ] )
      assert.deepEqual( told( lines( POST + `const r = exchange( "${url}/never", null, { progress: () => ${answer} } );
         tell( r.ok, r.aborted, r.code );` ) ), [ [ false, true, 0 ] ] );
} );

test( "trap 23: HTTP upload is refused, unless a quirk allows it", () =>
{
   const server = serve( { "PUT /": { body: "stored" } } );
   const source = POST + `const t = new NetworkTransfer; t.setURL( "${server.url}/" ); let left = 40000; let got = "";
      t.onDownloadDataAvailable = chunk => { got += chunk.toString(); return true; };
      t.onUploadDataRequested = most => { const n = Math.min( most, left ); left -= n; return new ByteArray( n, 65 ); };
      tell( t.upload(), t.errorInformation != "", got );`;
   assert.deepEqual( told( stage().lines( source ) ), [ [ false, true, "" ] ] );
   assert.deepEqual( server.requests(), [] );
   assert.deepEqual( told( stage( { quirks: { httpUpload: "put" } } ).lines( source ) ), [ [ true, false, "stored" ] ] );
   assert.deepEqual( server.requests().map( ( { method, length } ) => [ method, length ] ), [ [ "PUT", 40000 ] ] );
} );

test( "trap 24: no server: false, code 0, an explanation, no exception; a broken URL throws in setURL", () =>
{
   const { lines, run } = stage();
   assert.deepEqual( told( lines( POST + `const r = exchange( "${DEAD_URL}/", "x" );
      tell( r.ok, r.code, r.error != "", r.aborted );` ) ), [ [ false, 0, true, false ] ] );
   for ( const url of [ "", "127.0.0.1:80/x", "http://", "not a url" ] )
      assert.throws( () => run( `(new NetworkTransfer).setURL( ${JSON.stringify( url )} );` ), /invalid URL/ );
} );

test( "network: connections are kept and reused, also after closeConnection and after an abort", () =>
{
   const server = serve( { "POST /": { body: "1" } } );
   const { lines } = stage();
   assert.deepEqual( told( lines( POST + `const r = exchange( "${server.url}/", "a" ); r.transfer.post( "b" );
      r.transfer.closeConnection(); tell( r.transfer.post( "c" ) );` ) ), [ [ true ] ] );
   const sockets = server.requests().map( request => request.socket );
   assert.equal( sockets[0], sockets[1] );
   assert.notEqual( sockets[1], sockets[2] );
} );

test( "network: closeConnection takes along what was known of the answer, unless a quirk says otherwise", () =>
{
   const { url } = serve( { "POST /": { status: 404 } } );
   const source = POST + `const { transfer } = exchange( "${url}/", "a" ); const code = transfer.responseCode;
      transfer.closeConnection(); tell( code, transfer.responseCode );`;
   assert.deepEqual( told( stage().lines( source ) ), [ [ 404, 0 ] ] );
   assert.deepEqual( told( stage( { quirks: { closeForgets: false } } ).lines( source ) ), [ [ 404, 404 ] ] );
} );

test( "network: an error in a handler aborts with a word on the console, or passes by quirk", () =>
{
   const { url } = serve( { "GET /": { body: "x" } } );
   const source = POST + `const t = new NetworkTransfer; t.setURL( "${url}/" );
      t.onDownloadDataAvailable = () => { throw new Error( "oops" ); }; tell( t.download() );`;
   assert.deepEqual( stage().lines( source ), [ "*** Error: oops", "[false]" ] );
   assert.throws( () => stage( { quirks: { transferHandlerErrors: "throw" } } ).lines( source ), /oops/ );
} );

test( "network: other machines are out of reach, and the script cannot hide that it tried", () =>
{
   assert.throws( () => stage().run( POST + `try { exchange( "http://192.0.2.1/", "x" );
      } catch ( e ) {}` ), /only http on this machine/ );
} );

test( "network: 24 MB go up in base64 chunks and come down as bytes without hurry or loss", () =>
{
   const big = Buffer.alloc( 24 << 20, "0123456789abcdef" ).toString( "latin1" );
   const server = serve( { "POST /part": { body: "{}" }, "GET /big": { body: big } } );
   const { lines } = stage( { quirks: { expectContinue: true } } );
   const start = performance.now();
   assert.deepEqual( told( lines( POST + `const part = (new ByteArray( 4 << 20, 7 )).toBase64(); let ok = true;
      for ( let i = 0; i < 6; ++i ) ok = exchange( "${server.url}/part", part, { headers: [ "Content-Type: text/plain", "Expect:" ] } ).ok && ok;
      const { bytes } = exchange( "${server.url}/big", null );
      tell( ok, bytes.length, bytes.at( bytes.length - 1 ) );` ) ), [ [ true, 24 << 20, 102 ] ] );
   assert.deepEqual( server.requests().map( request => request.headers.expect ), Array( 7 ).fill( undefined ) );
   assert.ok( performance.now() - start < 8000, "slower than 3 MB a second" );
} );
