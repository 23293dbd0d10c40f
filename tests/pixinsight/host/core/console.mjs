// The process console: captures what is written, as a person would read it.

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": "\"", "&apos;": "'", "&nbsp;": " " };

/** Text as the console shows it: tags are obeyed and vanish, `<raw>` keeps its content, entities are decoded. */
export function interpret( text )
{
   return text.split( /(<raw>[\s\S]*?<\/raw>)/ ).map( part =>
   {
      const raw = part.match( /^<raw>([\s\S]*)<\/raw>$/ );
      return raw ? raw[1] : part.replace( /<br\s*\/?>/g, "\n" ).replace( /<[^<>]*>/g, "" )
         .replace( /&(?:lt|gt|amp|quot|apos|nbsp);/g, entity => ENTITIES[entity] );
   } ).join( "" );
}

export class ConsoleLog
{
   entries = []; // { level, text }
   #text = "";
   #log = null;

   /** `how`: write, note, warning, critical, each with "ln" or without. */
   write( how, text )
   {
      const level = how.replace( /ln$/, "" );
      const shown = interpret( text ) + (how.endsWith( "ln" ) ? "\n" : "");
      this.entries.push( { level, text: shown } );
      this.#text += shown;
      if ( this.#log !== null )
         this.#log += shown;
   }

   get text() { return this.#text; }
   get length() { return this.#text.length; }

   clear()
   {
      this.entries = [];
      this.#text = "";
   }

   beginLog() { this.#log = ""; }
   endLog()
   {
      const log = this.#log ?? "";
      this.#log = null;
      return log;
   }
   get log() { return this.#log ?? ""; }
}

export function install( host )
{
   const put = how => ( ...values ) =>
   {
      const text = values.map( String ).join( "" );
      host.console.write( how, text );
      return text.length;
   };
   const settings = { visible: false, abortEnabled: false, abortRequested: false };
   host.consoleState = settings;
   host.atEnd( () => Object.assign( settings, { abortEnabled: false, abortRequested: false } ) );

   class Console
   {
      static write( ...values ) { return put( "write" )( ...values ); }
      static writeln( ...values ) { return put( "writeln" )( ...values ); }
      static note( ...values ) { return put( "note" )( ...values ); }
      static noteln( ...values ) { return put( "noteln" )( ...values ); }
      static warning( ...values ) { return put( "warning" )( ...values ); }
      static warningln( ...values ) { return put( "warningln" )( ...values ); }
      static critical( ...values ) { return put( "critical" )( ...values ); }
      static criticalln( ...values ) { return put( "criticalln" )( ...values ); }
      static show() { settings.visible = true; }
      static hide() { settings.visible = false; }
      static flush() {}
      static clear() { host.console.clear(); }
      static resetStatus() { settings.abortRequested = false; }
      static beginLog() { host.console.beginLog(); }
      static endLog() { return host.bytes( Buffer.from( host.console.endLog(), "utf8" ) ); }
      static logText() { return host.bytes( Buffer.from( host.console.log, "utf8" ) ); }
      static get abortEnabled() { return settings.abortEnabled; }
      static set abortEnabled( value ) { settings.abortEnabled = value; }
      static get abortRequested() { return settings.abortRequested; }
      static set abortRequested( value ) { settings.abortRequested = value; }
   }
   return { Console, cout: put( "write" ), coutln: put( "writeln" ), cerr: put( "critical" ), cerrln: put( "criticalln" ),
      cflush: () => {} };
}
