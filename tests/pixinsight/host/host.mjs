// A PixInsight for tests: see README.md.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { constants, crossing, expose, ownNames } from "./object.mjs";
import { HostFailure, Realm } from "./realm.mjs";
import { withDefaults } from "./quirks.mjs";
import { Faults } from "./faults.mjs";
import { RUNTIME } from "./core/constants.mjs";
import { IMAGING } from "./core/imagingConstants.mjs";
import * as consoleModule from "./core/console.mjs";
import * as application from "./core/application.mjs";
import * as stores from "./core/stores.mjs";
import * as hash from "./core/hash.mjs";
import { Paths } from "./files/paths.mjs";
import * as bytes from "./files/bytes.mjs";
import * as file from "./files/file.mjs";
import * as info from "./files/info.mjs";
import { Outside } from "./outside/outside.mjs";
import * as transfer from "./network/transfer.mjs";
import * as external from "./process/external.mjs";
import * as timer from "./pump/timer.mjs";
import { Pump } from "./pump/pump.mjs";
import { Desk, isDialog } from "./ui/desk.mjs";
import { describe, draw } from "./ui/draw.mjs";
import * as widgets from "./ui/install.mjs";
import * as imaging from "./imaging/index.mjs";
import { User } from "./user/user.mjs";
import { createUi } from "./user/ui.mjs";
import { execute, load, md5, sign } from "./run.mjs";

const MODULES = [ consoleModule, application, stores, hash, bytes, file, info, transfer, external, timer, widgets, imaging ];
const isClass = value => /^class\b/.test( Function.prototype.toString.call( value ) );
const PLATFORMS = [ "Linux", "Windows", "macOS" ];

/** One running PixInsight; it stands between runs of scripts. */
class Host
{
   console = new consoleModule.ConsoleLog();
   consoleState = {};
   settings = new Map();
   icons = [];
   browsed = [];               // what browseScriptDocumentation and openBrowser were asked for
   documentation = new Set();  // names of scripts whose documentation is installed
   faults = new Faults();
   realm = new Realm();
   outside = new Outside();
   contexts = new Map();
   globals = {};
   failure = null;
   current = null;             // the run: { target, parameters, path, end }
   imaging = { viewById: () => null, mainViews: () => [], previews: () => [] };
   #atEnd = [];
   #ownsHome;

   constructor( options )
   {
      const { home, platform = "Linux", quirks, preferences = {}, stateFolder, environment, version = [ 1, 9, 5 ],
         seconds = 60, ...rest } = options;
      for ( const name of Object.keys( rest ) )
         throw new TypeError( `createHost: no option '${name}'` );
      if ( !PLATFORMS.includes( platform ) )
         throw new TypeError( `createHost: no platform '${platform}'` );
      this.#ownsHome = home === undefined;
      this.home = home === undefined ? mkdtempSync( join( tmpdir(), "pixinsight-" ) ) : resolve( home );
      this.tempFolder = join( this.home, "Temp" );
      mkdirSync( this.tempFolder, { recursive: true } );
      this.quirk = withDefaults( quirks );
      const { PATH = "", SystemRoot } = process.env;
      Object.assign( this, { options, platform, preferences, stateFolder, version, seconds, environment: environment
         ?? { PATH, HOME: this.home, USERPROFILE: this.home, ...SystemRoot && { SystemRoot } } } );
      this.paths = new Paths( { platform, currentDrive: this.quirk( "currentDrive" ), base: this.home } );
      this.desk = new Desk( this );
      this.user = new User( this );
      this.pump = new Pump( this );
      this.#install();
      this.ui = createUi( this );
   }

   #install()
   {
      const add = found =>
      {
         for ( const [ name, value ] of Object.entries( found ) )
            this.globals[name] = typeof value != "function" ? value
               : isClass( value ) ? expose( value, this.realm ) : crossing( value, this.realm );
      };
      const tables = { ...RUNTIME, ...IMAGING };
      add( Object.fromEntries( Object.entries( tables ).map( ( [ name, table ] ) => [ name, constants( name, table ) ] ) ) );
      for ( const module of MODULES )
         add( module.install( this ) );
      this.globals.console = this.globals.Console;
   }

   get consoleText() { return this.console.text; }
   get script() { return this.current && { path: this.current.path, md5: md5( this.current.path ) }; }

   /** `work` runs after each script. */
   atEnd( work ) { this.#atEnd.push( work ); }

   // The end of a run from inside --------------------------------------------------------------------------------------

   /** Ends the run: whatever the script catches, `run` throws the first reason given. */
   fail( reason )
   {
      if ( this.failure === null && !(reason instanceof HostFailure && reason.cause === this.failure) )
         this.failure = reason instanceof Error ? reason : new HostFailure( reason );
      throw this.failure instanceof HostFailure ? this.failure
         : new HostFailure( this.failure.message, { cause: this.failure } );
   }

   /** Fails with what is on the screen. */
   complain( message ) { return this.fail( `${message}\n${this.screen()}` ); }

   checkTime()
   {
      if ( this.failure !== null )
         this.fail( this.failure );
      if ( this.current && performance.now() > this.current.end )
         this.fail( this.user.isOver ? `the run took longer than ${this.current.seconds} s\n${this.screen()}`
            : this.user.complaint( "until the end of the run" ) );
   }

   secondsLeft() { return this.current ? Math.max( 0.001, (this.current.end - performance.now())/1000 ) : this.seconds; }

   /** Calls a script's handler. */
   call( handler, self, args, what )
   {
      try
      {
         return handler.apply( self, args );
      }
      catch ( error )
      {
         if ( error instanceof HostFailure )
            throw error;
         const text = error?.message ?? String( error );
         if ( this.quirk( "handlerErrors" ) == "fail" )
            this.fail( `${what} threw: ${text}\n${error?.stack ?? ""}` );
         this.console.write( "criticalln", `<raw>*** Error: ${text}</raw>` );
         return undefined;
      }
   }

   /** What a person sees now. */
   screen()
   {
      const windows = this.desk.windows.map( w => isDialog( w ) ? `dialog '${w.windowTitle}': ${this.ui.texts( w ).join( " / " )}`
         : `${w.kind} '${w.caption}': ${w.text ?? ""} [${(w.buttons ?? []).join( ", " )}]` );
      return `On the screen: ${windows.join( "\n" ) || "nothing"}\nConsole: ${this.console.text.slice( -2000 )}`;
   }

   describe( dialog ) { return describe( dialog ); }
   draw( dialog ) { return draw( dialog, this.imaging.painting ); }

   // Runs ----------------------------------------------------------------------------------------------------------------

   run( path, options = {} )
   {
      const { user, target = "none", parameters = {}, arguments: args = [], expectError = false, seconds = this.seconds,
         ...rest } = options;
      for ( const name of Object.keys( rest ) )
         throw new TypeError( `run: no option '${name}'` );
      if ( this.current )
         throw new Error( "another script is running" );
      const script = resolve( path );
      const textBefore = this.console.length, iconsBefore = this.icons.length;
      this.failure = null;
      this.current = { path: script, seconds, end: performance.now() + 1000*seconds, parameters: new Map(
         Object.entries( parameters ).map( ( [ key, value ] ) => [ key, String( value ) ] ) ),
         target: target == "none" || target == "global" ? { kind: target } : { kind: "view", id: target } };
      let error = null;
      try
      {
         const program = load( this, script, args );
         if ( user )
            this.user.start( user( this.ui, this ) );
         execute( this, program, script, seconds );
         this.#waitForUser();
      }
      catch ( thrown )
      {
         error = thrown;
      }
      error = this.failure ?? error;
      this.#end();
      if ( error !== null && !(error instanceof HostFailure) )
         this.console.write( "criticalln", `<raw>*** Error: ${error?.message ?? error}</raw>` );
      if ( error !== null && (!expectError || error === this.failure) )
         throw error;
      return { error, console: this.console.text.slice( textBefore ), icons: this.icons.slice( iconsBefore ) };
   }

   /** The script is over: the user may have last steps that need it no more. */
   #waitForUser()
   {
      for ( let turns = 0; !this.user.isOver && turns < 3; ++turns )
         this.user.step();
      if ( !this.user.isOver )
         this.fail( this.user.complaint( "until the script ended" ) );
   }

   #end()
   {
      const failure = this.failure;
      for ( const work of this.#atEnd )
         work();
      this.user.leave();
      this.desk.clear();
      this.pump.clear();
      ownNames.clear();
      this.current = null;
      this.failure = failure;
   }

   /** A process icon of the running script, as "New Instance" makes it. */
   makeIcon()
   {
      const { path, parameters } = this.current;
      this.icons.push( { path, md5: md5( path ), parameters: Object.fromEntries( parameters ) } );
   }

   /** Drops an icon on a view (or "global"). After an update of the script it refuses, until its md5 is cleared. */
   runIcon( icon, options = {} )
   {
      if ( icon.md5 !== "" && icon.md5 !== md5( icon.path ) )
         throw new Error( `*** Error: the script has been modified since its instance was made: ${icon.path}` );
      return this.run( icon.path, { target: "global", ...options, parameters: icon.parameters } );
   }

   sign( path ) { sign( path ); }

   /** Ends what the host started: worker, children, its own temporary home. */
   close()
   {
      this.outside.dispose();
      for ( const child of this.detached )
         if ( child.exitCode === null && child.signalCode === null )
            child.kill( "SIGKILL" );
      if ( this.#ownsHome )
         rmSync( this.home, { recursive: true, force: true } );
   }
}

export function createHost( options = {} )
{
   return new Host( options );
}
