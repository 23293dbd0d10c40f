// NetworkTransfer: blocking transfers, with handlers called on the script's thread.

import { HostObject } from "../object.mjs";
import { HostFailure } from "../realm.mjs";
import { latin1 } from "../files/bytes.mjs";
import { ABORTED, exchange } from "./exchange.mjs";
import { requestHeaders, upload } from "./request.mjs";

const LOOPBACK = [ "127.0.0.1", "localhost", "[::1]" ];
const MEBIBYTE = 1 << 20;

export function install( host )
{
   class NetworkTransfer extends HostObject
   {
      static expando = "set"; // scripts hang fields of their own on a transfer
      #line = { id: 0, inbox: [] };
      #url = "";
      #headers = [];
      #connectSeconds = 30;
      #handlers = {};
      #result = emptyResult();

      constructor()
      {
         super();
         this.#line.id = host.outside.open( message => this.#line.inbox.push( message ) );
      }

      setURL( url, user = "", password = "" )
      {
         if ( typeof url != "string" || !/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+/i.test( url ) || !URL.canParse( url ) )
            throw new Error( `NetworkTransfer.setURL: invalid URL: ${url}` );
         if ( user !== "" || password !== "" )
            throw new Error( "NetworkTransfer.setURL: credentials are not emulated" );
         this.#url = url;
         this.#headers = [];
      }

      setProxyURL( url ) { if ( url !== "" ) throw new Error( "NetworkTransfer: proxies are not emulated" ); }
      setSSL() {}
      setConnectionTimeout( seconds ) { this.#connectSeconds = seconds; }
      setCustomHTTPHeaders( headers )
      {
         if ( !Array.isArray( headers ) || headers.some( line => typeof line != "string" || !/^[^:;\s]+[:;]/.test( line ) ) )
            throw new TypeError( "NetworkTransfer.setCustomHTTPHeaders: an Array of \"Name: value\" is expected" );
         this.#headers = [ ...headers ];
      }
      closeConnection()
      {
         host.outside.post( this.#line.id, { kind: "closeConnection" } );
         if ( host.quirk( "closeForgets" ) )
            this.#result = emptyResult();
      }

      get url() { return this.#url; }
      get proxyURL() { return ""; }
      get customHTTPHeaders() { return [ ...this.#headers ]; }
      get ok() { return this.#result.ok; }
      get aborted() { return this.#result.aborted; }
      get responseCode()
      {
         const code = this.#result.responseCode;
         return host.quirk( "responseCodeType" ) == "string" ? String( code ) : code;
      }
      get contentType() { return this.#result.contentType; }
      get errorInformation() { return this.#result.errorInformation; }
      get bytesTransferred() { return this.#result.bytes; }
      get totalTime() { return this.#result.seconds; }
      get totalSpeed() { return this.#result.seconds > 0 ? this.#result.bytes/this.#result.seconds/1024 : 0; }

      get onDownloadDataAvailable() { return this.#handlers.data ?? null; }
      set onDownloadDataAvailable( handler ) { this.#handlers.data = handler; }
      get onTransferProgress() { return this.#handlers.progress ?? null; }
      set onTransferProgress( handler ) { this.#handlers.progress = handler; }
      get onUploadDataRequested() { return this.#handlers.upload ?? null; }
      set onUploadDataRequested( handler ) { this.#handlers.upload = handler; }

      download() { return this.#ready( "download" ) && this.#perform( "GET", null, null ); }

      post( fields )
      {
         if ( typeof fields != "string" )
            throw new TypeError( "NetworkTransfer.post: a String is expected" );
         const body = host.quirk( "postNonAscii" ) == "utf8" ? Buffer.from( fields, "utf8" ) : latin1( fields );
         return this.#ready( "post" ) && this.#perform( "POST", body, "application/x-www-form-urlencoded" );
      }

      upload( size = 0 )
      {
         if ( host.quirk( "httpUpload" ) == "refuse" )
         {
            this.#fail( "HTTP uploads are refused" );
            return false;
         }
         if ( !this.#handlers.upload )
            throw new Error( "NetworkTransfer.upload: no upload handler has been set" );
         const body = upload( maxSize => this.#call( "upload", maxSize ), size );
         if ( body === null )
         {
            this.#fail( ABORTED, true );
            return false;
         }
         return this.#perform( "PUT", body, null );
      }

      smtp() { throw new Error( "NetworkTransfer.smtp is not emulated" ); }

      #ready( what )
      {
         if ( this.#url === "" )
            throw new Error( `NetworkTransfer.${what}: no URL has been set` );
         if ( this.#handlers.data )
            return true;
         if ( host.quirk( "missingHandler" ) == "throw" )
            throw new Error( `NetworkTransfer.${what}: no download handler has been set` );
         this.#fail( "No download event handler" );
         return false;
      }

      #fail( errorInformation, aborted = false )
      {
         this.#result = { ...this.#result, ok: false, aborted, errorInformation };
      }

      /** The answer of a handler; an error in it ends the transfer, or passes, as the quirk says. */
      #call( name, ...args )
      {
         try
         {
            return this.#handlers[name].apply( this, args );
         }
         catch ( error )
         {
            if ( error instanceof HostFailure || host.quirk( "transferHandlerErrors" ) == "throw" )
               throw error;
            host.console.write( "criticalln", `<raw>*** Error: ${error?.message ?? error}</raw>` );
            return false;
         }
      }

      #perform( method, body, defaultType )
      {
         const url = new URL( this.#url );
         if ( url.protocol != "http:" || !LOOPBACK.includes( url.hostname ) )
            host.fail( `NetworkTransfer: only http on this machine is emulated, not ${this.#url}` );
         const expectContinue = host.quirk( "expectContinue" ) && (body?.length ?? 0) > MEBIBYTE
            && !this.#headers.some( line => /^expect:/i.test( line ) );
         const headers = requestHeaders( { url, agent: host.globals.CoreApplication.agentName, body, defaultType,
            custom: this.#headers, expectContinue } );
         const request = { method, url: this.#url, headers, body: body === null ? null : new Uint8Array( body ), expectContinue,
            connectSeconds: this.#connectSeconds };
         const start = performance.now();
         this.#result = emptyResult();
         try
         {
            exchange( host, this.#line, request, { data: chunk => this.#call( "data", chunk ),
               progress: this.#handlers.progress ? ( ...numbers ) => this.#call( "progress", ...numbers ) : null }, this.#result );
         }
         finally
         {
            this.#result.seconds = (performance.now() - start)/1000;
         }
         return this.#result.ok;
      }
   }
   return { NetworkTransfer };
}

const emptyResult = () => ( { ok: false, aborted: false, responseCode: 0, contentType: "", errorInformation: "", bytes: 0, seconds: 0 } );
