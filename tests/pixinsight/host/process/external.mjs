// ExternalProcess: real children, with the habits of QProcess.

import { spawn, spawnSync } from "node:child_process";
import { HostObject } from "../object.mjs";
import { bytesOf, isByteArray } from "../files/bytes.mjs";
import { RUNTIME } from "../core/constants.mjs";

const { ProcessError, ProcessExitStatus } = RUNTIME;
const EVENTS = [ "onError", "onFinished", "onStandardOutputDataAvailable", "onStarted", "onStateChanged" ];

export const UPDATE = Symbol( "update" );

export function install( host )
{
   host.children = new Set();   // ExternalProcess objects that run
   host.detached = new Set();   // processes of startDetached
   host.atEnd( () =>
   {
      if ( host.quirk( "startedChildren" ) == "kill" )
         for ( const child of host.children )
            child.kill();
      host.children.clear();
   } );

   class ExternalProcess extends HostObject
   {
      #line = 0;
      #inbox = [];
      #state = "idle"; // idle, starting, running
      #pid = 0;
      #output = [];
      #result = { exitCode: 0, exitStatus: ProcessExitStatus.Normal, error: ProcessError.UnknownError };
      #folder = "";
      #environment = null;
      #handlers = {};

      constructor( program, args )
      {
         super();
         if ( program !== undefined )
            this.start( program, args );
      }

      start( program, args = [] )
      {
         if ( this.#state != "idle" )
            throw new Error( "ExternalProcess.start: the process is running" );
         this.#output = [];
         this.#inbox = [];
         this.#line = host.outside.open( message => this.#inbox.push( message ) );
         try
         {
            host.faults.check( "start", program );
            host.outside.post( this.#line, { kind: "spawn", ...command( program, args ), cwd: this.#cwd(), env: this.#env(),
               pipeBytes: host.quirk( "pipeBytes" ) } );
            this.#state = "starting";
            this.#await( () => this.#state != "starting", 30 );
         }
         catch ( error )
         {
            this.#result.error = ProcessError.FailedToStart;
            this.#state = "idle";
            throw new Error( `ExternalProcess: unable to start '${program}': ${error.message}` );
         }
         host.children.add( this );
      }

      #cwd() { return this.#folder === "" ? host.home : host.paths.real( this.#folder ); }
      #env()
      {
         return this.#environment === null ? host.environment
            : Object.fromEntries( this.#environment.map( line => [ line.split( "=" )[0], line.slice( line.indexOf( "=" ) + 1 ) ] ) );
      }

      /** Takes in what the child has done since; called by the event pump and by waitFor…(). */
      [UPDATE]()
      {
         host.outside.pump();
         for ( let message; (message = this.#inbox.shift()) !== undefined; )
         {
            if ( message.type == "failed" )
               throw new Error( message.message );
            if ( message.type == "started" )
            {
               this.#state = "running";
               this.#pid = message.pid;
               this.#emit( "onStarted" );
            }
            else if ( message.type == "output" )
            {
               this.#output.push( message.bytes );
               this.#emit( "onStandardOutputDataAvailable" );
            }
            else
               this.#ended( message );
         }
      }

      #ended( { code, crashed } )
      {
         this.#state = "idle";
         host.children.delete( this );
         this.#result = { exitCode: code, exitStatus: crashed ? ProcessExitStatus.Crash : ProcessExitStatus.Normal,
            error: crashed ? ProcessError.Crashed : ProcessError.UnknownError };
         this.#emit( "onFinished", code, this.#result.exitStatus );
      }

      #emit( name, ...args )
      {
         if ( this.#handlers[name] )
            host.call( this.#handlers[name], this, args, `ExternalProcess.${name}` );
      }

      #fresh()
      {
         if ( !host.quirk( "processNeedsEvents" ) )
            this[UPDATE]();
      }

      #await( done, seconds )
      {
         const end = performance.now()/1000 + seconds;
         for ( ;; )
         {
            this[UPDATE]();
            if ( done() )
               return true;
            const left = end - performance.now()/1000;
            if ( left <= 0 )
               return false;
            host.checkTime();
            host.outside.wait( Math.min( left, 0.05 ) );
         }
      }

      waitForStarted( ms = 6000 ) { return this.#await( () => this.#state != "starting", ms/1000 ); }
      waitForFinished( ms = 6000 ) { return this.#await( () => this.#state == "idle", ms/1000 ); }
      waitForDataAvailable( ms = 6000 ) { return this.#await( () => this.#output.length > 0, ms/1000 ); }
      kill() { this.#signal( "SIGKILL" ); }
      /** No use against Windows console programs. */
      terminate()
      {
         if ( host.platform != "Windows" )
            this.#signal( "SIGTERM" );
      }
      #signal( signal )
      {
         if ( this.#state != "idle" )
            host.outside.post( this.#line, { kind: "kill", signal } );
      }
      closeStandardInput() { host.outside.post( this.#line, { kind: "closeStdin" } ); }

      get isStarting() { this.#fresh(); return this.#state == "starting"; }
      get isRunning() { this.#fresh(); return this.#state == "running"; }
      get exitCode() { this.#fresh(); return this.#result.exitCode; }
      get exitStatus() { this.#fresh(); return this.#result.exitStatus; }
      get error() { return this.#result.error; }
      get pid() { return this.#pid; }
      get bytesAvailable() { this.#fresh(); return this.#output.reduce( ( sum, bytes ) => sum + bytes.length, 0 ); }

      /** Both channels of the child, merged; reading consumes. */
      get stdout()
      {
         this.#fresh();
         const bytes = Buffer.concat( this.#output );
         this.#output = [];
         if ( bytes.length > 0 )
            host.outside.post( this.#line, { kind: "drained", bytes: bytes.length } );
         return host.bytes( bytes );
      }
      get stderr()
      {
         host.console.write( "warningln", "** Warning: QProcess::setReadChannel: the standard error channel is merged" );
         return host.bytes( new Uint8Array( 0 ) );
      }
      get standardOutput() { return host.quirk( "standardOutput" ) ? this.stdout : undefined; }
      get stdin() { throw new Error( "ExternalProcess.stdin is write-only" ); }
      set stdin( data )
      {
         const bytes = isByteArray( data ) ? bytesOf( data ) : Buffer.from( String( data ), "utf8" );
         host.outside.post( this.#line, { kind: "stdin", bytes: new Uint8Array( bytes ) } );
      }

      get workingDirectory() { return this.#folder; }
      set workingDirectory( path ) { this.#folder = path; }
      get environment() { return this.#environment ?? Object.entries( host.environment ).map( pair => pair.join( "=" ) ); }
      set environment( lines ) { this.#environment = Array.from( lines, String ); }

      static
      {
         for ( const name of EVENTS )
            Object.defineProperty( this.prototype, name, { configurable: true, get() { return this.#handlers[name] ?? null; },
               set( handler ) { this.#handlers[name] = handler; } } );
      }

      static execute( program, args = [] )
      {
         host.faults.check( "start", program );
         const run = command( program, args );
         const { status, error } = spawnSync( run.program, run.args, { env: host.environment, cwd: host.home, stdio: "ignore",
            timeout: Math.ceil( 1000*host.secondsLeft() ) } );
         if ( error )
            throw new Error( `ExternalProcess: unable to run '${program}': ${error.message}` );
         return status ?? -1;
      }

      static startDetached( program, args = [], folder = "" )
      {
         host.faults.check( "start", program );
         const run = command( program, args );
         const child = spawn( run.program, run.args, { env: host.environment, detached: true, stdio: "ignore",
            cwd: folder === "" ? host.home : host.paths.real( folder ) } );
         child.on( "error", () => {} );
         if ( child.pid === undefined )
            throw new Error( `ExternalProcess: unable to start '${program}'` );
         child.unref();
         host.detached.add( child );
         return child.pid;
      }
   }
   function command( program, args )
   {
      if ( typeof program != "string" || !Array.isArray( args ) || args.some( a => typeof a != "string" ) )
         throw new TypeError( "ExternalProcess: a program and an Array of Strings are expected" );
      return { program: host.paths.argument( program ), args: args.map( a => host.paths.argument( a ) ) };
   }

   return { ExternalProcess };
}
