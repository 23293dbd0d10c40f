// What a test's user can see and do.

import { DATA, TEXT, USER, descendants, fire, isEnabled, isShown, label } from "../ui/widget.mjs";
import { isDialog } from "../ui/desk.mjs";
import { findAll, isControl, obstacle } from "./find.mjs";
import { systemActions } from "./systemActions.mjs";
import { mouseActions } from "./mouseActions.mjs";

const PATIENCE = 10;
export const now = () => performance.now()/1000;
const fits = ( wanted, text ) => wanted === undefined || (wanted instanceof RegExp ? wanted.test( text ) : text.includes( wanted ));

export function createUi( host )
{
   const { desk, pump } = host;

   /** Something to yield: resumes when `ready()`. */
   const until = ( ready, { what = "a condition", seconds = PATIENCE, value } = {} ) =>
      ( { what, ready, value, end: now() + seconds } );

   /** Queues what a person does; it may be too late when its turn comes (then nothing happens, as in Qt). */
   const act = ( what, possible, work ) =>
   {
      let begun = false;
      pump.post( () =>
      {
         begun = true;
         if ( possible() )
            work();
      }, { input: true } );
      return until( () => begun, { what } );
   };

   const windowFor = () => desk.windows.findLast( w => isDialog( w ) && desk.isReachable( w ) )
      ?? host.complain( "no dialog can be used" );
   const findEverywhere = spec => isControl( spec ) ? [ spec ]
      : desk.dialogs().reverse().map( window => findAll( window, spec ) ).find( list => list.length > 0 ) ?? [];
   const find = spec =>
   {
      const found = findEverywhere( spec );
      if ( found.length == 0 )
         host.complain( `no control ${describeSpec( spec )}` );
      return found[0];
   };

   /** Finds the first control that has a use, checks that a person could reach it, and queues the use. */
   const use = ( spec, method, verb, ...args ) =>
   {
      const usable = findEverywhere( spec ).filter( c => c[USER[method]] !== undefined );
      if ( usable.length == 0 )
         host.complain( `nothing to ${verb} is ${describeSpec( spec )}` );
      const control = usable.find( c => obstacle( c, desk ) === null ) ?? usable[0];
      const why = obstacle( control, desk );
      if ( why !== null )
         host.complain( `${control.constructor.name} '${label( control )}' ${why}` );
      return act( `${verb} ${describeSpec( spec )}`, () => obstacle( control, desk ) === null, () =>
      {
         desk.underMouse = control;
         try
         {
            control[USER[method]]( ...args );
         }
         catch ( error )
         {
            host.fail( error );
         }
      } );
   };

   const ui = {
      until, act, find,
      findAll: findEverywhere,
      exists: spec => findEverywhere( spec ).length > 0,
      text: spec => find( spec )[TEXT](),
      enabled: spec => isEnabled( find( spec ) ),
      texts: ( window = desk.top() ) => isDialog( window )
         ? [ ...descendants( window ) ].filter( isShown ).map( c => c[TEXT]() ).filter( text => text !== "" ) : [ window?.text ?? "" ],
      dialogs: () => desk.windows.map( w => w.windowTitle ?? w.caption ),
      draw: () => host.draw( windowFor() ),
      tick: () => { const turn = host.user.turns; return until( () => host.user.turns > turn + 1, { what: "a turn" } ); },
      seconds: n => { const end = now() + n; return until( () => now() >= end, { what: `${n} s`, seconds: n + PATIENCE } ); },

      dialog( title, { seconds = PATIENCE } = {} )
      {
         const current = () => desk.windows.findLast( w => isDialog( w ) && desk.isReachable( w ) && fits( title, w.windowTitle ) );
         return until( () => current() !== undefined, { what: `a dialog '${title ?? "any"}'`, seconds, value: current } );
      },

      click: spec => use( spec, "click", "click" ),
      doubleClick( spec )
      {
         use( spec, "click", "click" );
         return use( spec, "click", "click" );
      },
      check( spec, checked = true )
      {
         const box = findEverywhere( spec ).find( c => c[USER.check] );
         return box && box.checked === checked ? until( () => true ) : use( spec, "check", "check", checked );
      },
      checkNode: ( spec, row, checked = true ) => use( spec, "check", "check", checked, row ),
      setValue: ( spec, value ) => use( spec, "set", "set", value ),
      type: ( spec, text ) => use( spec, "type", "type into", text ),
      choose: ( spec, item ) => use( spec, "choose", "choose from", item ),
      chooseView: ( spec, id ) => use( spec, "choose", "choose from", id ),
      chooseNode: ( spec, row ) => use( spec, "choose", "choose from", row ),
      selectPage: tab => use( { type: "TabBox", text: tab }, "choose", "select in", tab ),
      toggleSection: title => use( { type: "SectionBar", text: title }, "click", "toggle" ),

      close( dialog = windowFor() )
      {
         if ( !desk.isReachable( dialog ) )
            host.complain( `the dialog '${dialog.windowTitle}' cannot be closed now` );
         return act( "closing", () => dialog[DATA].isOpen, () =>
         {
            fire( host, dialog, "onClose" );
            dialog.cancel();
         } );
      },
      press( key )
      {
         const dialog = windowFor();
         if ( key == "Escape" )
            return ui.close( dialog );
         const { focus } = desk;
         if ( focus?.window === dialog && focus.onKeyPress && key in host.globals.KeyCode )
            return act( `key ${key}`, () => desk.focus === focus, () => fire( host, focus, "onKeyPress", host.globals.KeyCode[key], 0 ) );
         const button = key == "Return" ? findAll( dialog, { type: "PushButton" } ).find( b => b.defaultButton ) : undefined;
         return button ? ui.click( button ) : host.complain( `the key '${key}' is not emulated here` );
      },
      pressAbort()
      {
         const { visible, abortEnabled } = host.consoleState;
         if ( !visible || !abortEnabled )
            host.complain( "the console shows no Abort button" );
         return act( "abort", () => true, () => { host.consoleState.abortRequested = true; } );
      },
   };
   return Object.assign( ui, systemActions( host, ui ), mouseActions( host, ui ) );
}

function describeSpec( spec )
{
   return isControl( spec ) ? `${spec.constructor.name} '${label( spec )}'`
      : typeof spec == "string" || spec instanceof RegExp ? `'${spec}'`
      : Object.entries( spec ).map( ( [ key, value ] ) => `${key} '${value}'` ).join( ", " );
}
