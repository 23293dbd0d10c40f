// What all controls share behind the scenes: their data, their plain properties, their events.

export const DATA = Symbol( "data" );     // { parent, children, values, handlers, … } of a control
export const TEXT = Symbol( "text" );     // method: what a person reads on it
export const SIZE = Symbol( "size" );     // method: { width, height } it would like to have
export const EXPANDS = Symbol( "expands" ); // { x, y }: takes space that nothing else wants
export const CHANGED = Symbol( "changed" ); // method( name, value, old ): after a plain property changed

export const LAYOUT = Symbol( "layout" );   // of a sizer: what layout.mjs reads
export const ATTACH = Symbol( "attach" );   // method of a sizer
export const PAINT = Symbol( "paint" );     // method of a control

/** What a person can do to a control: methods under these symbols. */
export const USER = { click: Symbol( "click" ), check: Symbol( "check" ), set: Symbol( "set" ), type: Symbol( "type" ),
   choose: Symbol( "choose" ) };

/** Read-write properties with a default; the default's type is the type. `null` takes anything. */
export function properties( Class, defaults )
{
   for ( const [ name, initial ] of Object.entries( defaults ) )
      Object.defineProperty( Class.prototype, name, {
         configurable: true,
         get()
         {
            const { values } = this[DATA];
            return name in values ? values[name] : initial;
         },
         set( value )
         {
            require( initial === null || typeof value == typeof initial && !Number.isNaN( value ),
               `${Class.name}.${name}: a ${typeof initial} is expected, not ${String( value )}` );
            const old = this[name];
            this[DATA].values[name] = value;
            this[CHANGED]?.( name, value, old );
         },
      } );
}

/** Event properties: null or a function. */
export function events( Class, names )
{
   for ( const name of names )
      Object.defineProperty( Class.prototype, name, {
         configurable: true,
         get() { return this[DATA].handlers[name] ?? null; },
         set( handler )
         {
            require( handler === null || typeof handler == "function", `${Class.name}.${name}: a Function is expected` );
            this[DATA].handlers[name] = handler;
         },
      } );
}

export function require( truth, message )
{
   if ( !truth )
      throw new TypeError( message );
}

/** Calls a control's handler, if it has one; `this` is the control. Returns what the handler returns. */
export function fire( host, control, name, ...args )
{
   const handler = control[DATA].handlers[name];
   return handler ? host.call( handler, control, args, `${control.constructor.name}.${name} (${label( control )})` ) : undefined;
}

/** A value changed by the script itself: the event comes while the dialog is built, or as the quirk says. */
export function announce( host, control, name, ...args )
{
   const when = host.quirk( "programmaticEvents" );
   if ( when == "always" || when == "building" && !topOf( control )[DATA].everShown )
      fire( host, control, name, ...args );
}

export function label( control )
{
   return control[TEXT]?.() || control.toolTip || "no text";
}

export function topOf( control )
{
   while ( control[DATA].parent )
      control = control[DATA].parent;
   return control;
}

export function* ancestors( control )
{
   for ( let c = control; c; c = c[DATA].parent )
      yield c;
}

/** All controls inside, parents first. */
export function* descendants( control )
{
   for ( const child of control[DATA].children )
   {
      yield child;
      yield* descendants( child );
   }
}

/** Shown on screen: the window is shown and nothing on the way to it is hidden. */
export function isShown( control )
{
   const chain = [ ...ancestors( control ) ];
   return topOf( control )[DATA].isOpen === true && chain.every( c => c.visible );
}

export function isEnabled( control )
{
   return [ ...ancestors( control ) ].every( c => c.enabled && !c[DATA].childrenOff || c === control && c.enabled );
}
