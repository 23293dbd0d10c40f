// Box layout: where every control of a window stands. Sizers share space as Qt's boxes do, roughly.

import { DATA, EXPANDS, LAYOUT, SIZE, descendants, topOf } from "./widget.mjs";

const BIG = 16777215;
const NO_FRAME = { x: 0, y: 0, top: 0 };
const AXES = { width: { position: "x", min: "minWidth", max: "maxWidth" },
   height: { position: "y", min: "minHeight", max: "maxHeight" } };
const other = axis => axis == "width" ? "height" : "width";

/** Lays a window out: to its contents, to a given size, or to the size it has, grown where the contents need it. */
export function layOut( window, { toContents = false, width, height } = {} )
{
   const wanted = wantedSize( window );
   const old = window[DATA].rect;
   const size = {
      width: width ?? (toContents || !old ? wanted.width : Math.max( old.width, least( window, "width" ) )),
      height: height ?? (toContents || !old ? wanted.height : Math.max( old.height, least( window, "height" ) )) };
   for ( const axis of [ "width", "height" ] )
      size[axis] = bounded( size[axis], window, axis );
   window[DATA].rect = { x: old?.x ?? 0, y: old?.y ?? 0, ...size };
   place( window );
   place( window ); // wrapped texts know their width only now
   for ( const control of descendants( window ) )
      if ( control[DATA].rect === null )
         control[DATA].rect = { x: 0, y: 0, ...wantedSize( control ), unplaced: true };
}

/** After a change inside: the window is laid out again if it has been before. */
export function relayout( control )
{
   const window = topOf( control );
   if ( window[DATA].rect !== null && !window[DATA].busy )
   {
      window[DATA].busy = true;
      layOut( window );
      window[DATA].busy = false;
   }
}

/** Rectangle of a control in the coordinates of an ancestor. */
export function rectIn( control, ancestor )
{
   if ( topOf( control )[DATA].rect === null )
      layOut( topOf( control ) );
   const { width, height } = control[DATA].rect;
   let x = 0, y = 0;
   for ( let c = control; c && c !== ancestor; c = c[DATA].parent )
   {
      x += c[DATA].rect.x;
      y += c[DATA].rect.y;
   }
   return { x, y, width, height };
}

function bounded( value, control, axis )
{
   const { min, max } = AXES[axis];
   const { limits } = control[DATA];
   return Math.max( limits[min] ?? 0, Math.min( limits[max] ?? BIG, value ) );
}

const isHidden = entry => entry.control !== undefined && !entry.control.visible;

/** What a control would like. */
export function wantedSize( control )
{
   const own = control[SIZE]();
   const { sizer, frame = NO_FRAME } = control[DATA];
   const inner = sizer ? sizerSize( sizer[LAYOUT] ) : { width: 0, height: 0 };
   return { width: bounded( Math.max( own.width, inner.width + 2*frame.x ), control, "width" ),
      height: bounded( Math.max( own.height, inner.height + 2*frame.y + frame.top ), control, "height" ) };
}

/** What an entry of a sizer would like. */
function entrySize( entry, along )
{
   if ( entry.gap !== undefined )
      return { [along]: entry.gap, [other( along )]: 0 };
   return entry.sizer ? sizerSize( entry.sizer[LAYOUT] ) : wantedSize( entry.control );
}

const least = ( control, axis ) => Math.max( control[DATA].limits[AXES[axis].min] ?? 0,
   control[DATA].sizer ? sizerSize( control[DATA].sizer[LAYOUT] )[axis] : 0 );

function sizerSize( sizer )
{
   const along = sizer.axis, across = other( along );
   const shown = sizer.items.filter( entry => !isHidden( entry ) );
   const sizes = shown.map( entry => entrySize( entry, along ) );
   return { [along]: sizes.reduce( ( sum, size ) => sum + size[along], 0 ) + spacesOf( shown )*sizer.spacing + 2*sizer.margin,
      [across]: sizes.reduce( ( most, size ) => Math.max( most, size[across] ), 0 ) + 2*sizer.margin };
}

/** Spacings stand between controls and sizers, not beside gaps. */
const hasSpaceAfter = ( shown, i ) => shown[i].gap === undefined && shown[i + 1] !== undefined && shown[i + 1].gap === undefined;
const spacesOf = shown => shown.filter( ( _, i ) => hasSpaceAfter( shown, i ) ).length;

function place( control )
{
   const { sizer, rect, frame = NO_FRAME } = control[DATA];
   if ( sizer )
      fill( sizer[LAYOUT], { x: frame.x, y: frame.y + frame.top, width: rect.width - 2*frame.x,
         height: rect.height - 2*frame.y - frame.top } );
   control[DATA].arrange?.();
   for ( const child of control[DATA].children )
      if ( child[DATA].rect )
         place( child );
}

/** Gives the items of a sizer their rectangles inside `area`. */
function fill( sizer, area )
{
   const along = sizer.axis, across = other( along );
   const shown = sizer.items.filter( entry => !isHidden( entry ) );
   const sizes = shown.map( entry => entrySize( entry, along )[along] );
   const free = area[along] - 2*sizer.margin - spacesOf( shown )*sizer.spacing - sizes.reduce( ( a, b ) => a + b, 0 );
   share( sizes, shown, free, along );

   let at = area[AXES[along].position] + sizer.margin;
   shown.forEach( ( { control, sizer: inner }, i ) =>
   {
      const room = { [AXES[along].position]: at, [AXES[across].position]: area[AXES[across].position] + sizer.margin,
         [along]: sizes[i], [across]: area[across] - 2*sizer.margin };
      if ( inner )
         fill( inner[LAYOUT], room );
      else if ( control )
         control[DATA].rect = { ...room, [across]: bounded( room[across], control, across ), unplaced: false };
      at += sizes[i] + (hasSpaceAfter( shown, i ) ? sizer.spacing : 0);
   } );
}

/** Shares free (or missing) space: by stretch factors, else among items that like to expand. */
function share( sizes, shown, free, along )
{
   let weights = shown.map( ( { stretch } ) => stretch );
   if ( weights.every( weight => weight == 0 ) )
      weights = shown.map( entry => expands( entry, along ) ? 1 : 0 );
   const total = weights.reduce( ( a, b ) => a + b, 0 );
   if ( total == 0 )
      return;
   shown.forEach( ( { control }, i ) =>
   {
      const size = Math.max( 0, sizes[i] + free*weights[i]/total );
      sizes[i] = Math.round( control ? bounded( size, control, along ) : size );
   } );
}

function expands( { control, sizer }, along )
{
   if ( sizer )
      return sizer[LAYOUT].items.some( entry => entry.stretch > 0 && sizer[LAYOUT].axis == along || expands( entry, along ) );
   return control !== undefined && control.visible && control[EXPANDS][AXES[along].position]
      && bounded( BIG, control, along ) == BIG;
}
