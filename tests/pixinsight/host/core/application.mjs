// CoreApplication, System, ElapsedTime and the global helpers that V8 deprecates.

import { HostObject } from "../object.mjs";
import { format } from "./format.mjs";

const PLATFORMS = { Linux: "Linux", Windows: "Windows", macOS: "macOS" };

export function install( host )
{
   const [ major, minor, release, build = 1702 ] = host.version;
   const started = Date.now();
   const root = host.platform == "Windows" ? "C:/Program Files/PixInsight" : "/opt/PixInsight";
   const platform = PLATFORMS[host.platform];

   class CoreApplication
   {
      static get platform() { return platform; }
      static get programName() { return "PixInsight"; }
      static get language() { return "en"; }
      static get versionMajor() { return major; }
      static get versionMinor() { return minor; }
      static get versionRelease() { return release; }
      static get versionRevision() { return 0; }
      static get versionBuild() { return build; }
      static get versionBeta() { return 0; }
      static get versionLE() { return false; }
      static get versionCodename() { return "Lockhart"; }
      static get agentName() { return `PixInsight-agent/${major}.${minor}.${release}-0`; }
      static get dirPath() { return root; }
      static get baseDirPath() { return root; }
      static get binDirPath() { return root + "/bin"; }
      static get appDirPath() { return root + "/bin"; }
      static get srcDirPath() { return root + "/src"; }
      static get rscDirPath() { return root + "/rsc"; }
      static get docDirPath() { return root + "/doc"; }
      static get includeDirPath() { return root + "/include"; }
      static get libraryDirPath() { return root + "/library"; }
      static get etcDirPath() { return root + "/etc"; }
      static get configDirPath() { return host.paths.shown( host.home ) + "/.PixInsight"; }
      static get startTime() { return started/1000; }
      static get instance() { return 1; }
      static get pid() { return process.pid; }

      static ensureMinimumVersion( ...wanted )
      {
         const have = [ major, minor, release, build ];
         const at = wanted.findIndex( ( value, i ) => value != have[i] );
         if ( at >= 0 && wanted[at] > have[at] )
            throw new Error( `This script requires PixInsight version ${wanted.join( "." )} or later.` );
      }

      static processEvents( excludeUserInput = false )
      {
         host.pump.turn( { input: !excludeUserInput } );
      }
   }

   class System
   {
      static get platform() { return platform; }
      static getEnvironmentVariable( name ) { return host.environment[name] ?? ""; }
      static msleep( milliseconds ) { host.pump.sleep( milliseconds/1000 ); }
      static sleep( seconds ) { host.pump.sleep( seconds ); }
   }

   class ElapsedTime extends HostObject
   {
      #start = performance.now();

      get value() { return (performance.now() - this.#start)/1000; }
      get text() { return ElapsedTime.toString( this.value ); }
      reset() { this.#start = performance.now(); }
      since( other ) { return other.value - this.value; }

      static toString( seconds, width = 0, precision = 3 )
      {
         return `${seconds.toFixed( precision )} s`.padStart( width );
      }
   }

   return { CoreApplication, System, ElapsedTime, ...deprecated( host, { CoreApplication, System } ) };
}

function deprecated( host, { CoreApplication, System } )
{
   const warned = new Set;
   host.atEnd( () => warned.clear() );
   const helper = ( name, now, work ) => ( ...args ) =>
   {
      if ( !warned.has( name ) )
         host.console.write( "warningln", `** Warning: ${name}() is deprecated, use ${now}` );
      warned.add( name );
      return work( ...args );
   };
   return {
      format,
      gc: helper( "gc", "Image.free() and Bitmap.clear(); gc() does nothing", () => undefined ),
      processEvents: helper( "processEvents", "CoreApplication.processEvents()", x => CoreApplication.processEvents( x ) ),
      msleep: helper( "msleep", "System.msleep()", x => System.msleep( x ) ),
      sleep: helper( "sleep", "System.sleep()", x => System.sleep( x ) ),
      searchDirectory: helper( "searchDirectory", "File.searchDirectory()", ( ...x ) => host.globals.File.searchDirectory( ...x ) ),
      getEnvironmentVariable: helper( "getEnvironmentVariable", "System.getEnvironmentVariable()",
         x => System.getEnvironmentVariable( x ) ),
      corePlatform: platformGetter( host, warned ),
   };
}

/** `corePlatform` was a variable, so it is deprecated by a warning when read. */
function platformGetter( host, warned )
{
   return { [Symbol.for( "getter" )]: () =>
   {
      if ( !warned.has( "corePlatform" ) )
         host.console.write( "warningln", "** Warning: corePlatform is deprecated, use System.platform" );
      warned.add( "corePlatform" );
      return PLATFORMS[host.platform];
   } };
}
