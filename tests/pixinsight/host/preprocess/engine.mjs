// Which engine PixInsight picks for a script.

const NO_SM = "*** Error: The legacy 'sm' JavaScript engine is not available in this PixInsight build.";
const V8 = [ "v8", "v8-new", "v8-default", "v8-private" ];

/**
 * The `#engine` directive counts only near the top, before `#feature-id` and before any code.
 *
 * @returns "v8" | "v8-default" | "v8-private" | "sm"
 */
export function chosenEngine( source, scanBytes )
{
   const head = source.slice( 0, scanBytes );
   for ( const line of head.replace( /\/\*[\s\S]*?\*\//g, "" ).split( "\n" ) )
   {
      const text = line.trim();
      if ( text === "" || text.startsWith( "//" ) )
         continue;
      const engine = text.match( /^#engine\s+(\S+)/ )?.[1];
      if ( engine !== undefined )
      {
         if ( engine != "sm" && !V8.includes( engine ) )
            throw new Error( `*** Error: unknown JavaScript engine '${engine}'` );
         return engine == "v8-new" ? "v8" : engine;
      }
      if ( !/^#(script-id|feature-info|feature-icon)\b/.test( text ) )
         break;
   }
   return "sm";
}

/** Throws where PixInsight would not run the script under V8. */
export function requireEngine( engine, { version, legacyEngine } )
{
   if ( engine == "sm" )
      throw new Error( legacyEngine ? "SyntaxError: the script ran in the legacy SpiderMonkey engine (ECMAScript 5): "
         + "no '#engine v8' at the top of the file" : NO_SM );
   if ( version[0] == 1 && (version[1] < 9 || version[1] == 9 && version[2] < 4) )
      throw new Error( `*** Error: #engine: unknown preprocessor directive (PixInsight ${version.join( "." )})` );
}
