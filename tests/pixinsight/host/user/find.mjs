// Finding controls as a person does: by what stands on them, beside them, or in their tool tip.

import { DATA, LAYOUT, TEXT, descendants, isEnabled, isShown } from "../ui/widget.mjs";

/** What a spec says, as { type, text, toolTip, label, index, any }. */
function parse( spec )
{
   if ( typeof spec == "string" || spec instanceof RegExp )
      return { any: spec };
   for ( const key of Object.keys( spec ) )
      if ( ![ "type", "text", "toolTip", "label", "index" ].includes( key ) )
         throw new TypeError( `a control cannot be found by '${key}'` );
   return spec;
}

export const isControl = spec => spec?.[DATA] !== undefined;

const matches = ( wanted, text, exact ) => wanted === undefined
   || (wanted instanceof RegExp ? wanted.test( text ) : exact ? text === wanted : text.includes( wanted ));

/** The text of the label that stands before a control in its row, or the control's own label. */
export function labelOf( control )
{
   const data = control[DATA];
   if ( data.label )
      return data.label.text;
   const row = rowOf( data.parent?.[DATA].sizer?.[LAYOUT], control );
   const at = row?.findIndex( entry => entry.control === control ) ?? -1;
   for ( let i = at - 1; i >= 0; --i )
      if ( row[i].control && isA( row[i].control, "Label" ) )
         return row[i].control[TEXT]();
   return "";
}

function rowOf( sizer, control )
{
   if ( !sizer )
      return undefined;
   if ( sizer.items.some( entry => entry.control === control ) )
      return sizer.axis == "width" ? sizer.items : undefined;
   for ( const { sizer: inner } of sizer.items )
   {
      const found = inner && rowOf( inner[LAYOUT], control );
      if ( found )
         return found;
   }
   return undefined;
}

/** All shown controls of a window that answer a spec, exact matches before partial ones. */
export function findAll( window, spec )
{
   const { type, text, toolTip, label, index, any } = parse( spec );
   const shown = [ ...descendants( window ) ].filter( isShown ).filter( c => type === undefined || isA( c, type ) );
   const fits = exact => shown.filter( c => any !== undefined
      ? matches( any, c[TEXT](), exact ) || matches( any, labelOf( c ), exact ) && !isA( c, "Label" ) || matches( any, c.toolTip, exact )
      : matches( text, c[TEXT](), exact ) && matches( toolTip, c.toolTip, exact ) && matches( label, labelOf( c ), exact ) );
   const exact = fits( true );
   const found = exact.length > 0 ? exact : fits( false );
   return index === undefined ? found : found.slice( index, index + 1 );
}

function isA( control, type )
{
   for ( let o = Object.getPrototypeOf( control ); o; o = Object.getPrototypeOf( o ) )
      if ( o.constructor.name == type )
         return true;
   return false;
}

/** Why a person could not use a control now; null if they could. */
export function obstacle( control, desk )
{
   if ( !isShown( control ) )
      return "is not shown";
   if ( !desk.isReachable( control.window ) )
      return `is behind '${desk.blocker().windowTitle ?? desk.blocker().caption}'`;
   if ( !isEnabled( control ) )
      return "is disabled";
   if ( control.window[DATA].rect && control[DATA].rect?.unplaced )
      return "lies in no sizer";
   return null;
}
