// Control's geometry: sizes, limits, positions.

import { DATA, isShown, require } from "./widget.mjs";
import { layOut, rectIn, relayout } from "./layout.mjs";

const number = ( value, name ) => require( typeof value == "number" && value >= 0, `Control.${name}: a size is expected` );

/** Adds the geometry members to Control. */
export function sizes( Control, host )
{
   const limit = ( control, key, value ) =>
   {
      control[DATA].limits[key] = value;
      relayout( control );
   };
   const rect = ( x0, y0, x1, y1 ) => new host.globals.Rect( x0, y0, x1, y1 );
   const current = control =>
   {
      if ( control[DATA].rect === null )
         layOut( control.window );
      return control[DATA].rect;
   };
   const methods = {};
   const accessors = {};

   for ( const [ axis, Axis ] of [ [ "width", "Width" ], [ "height", "Height" ] ] )
   {
      accessors[axis] = { get() { return current( this )[axis]; }, set( v )
      {
         const { width, height } = { width: this.width, height: this.height, [axis]: v };
         this.resize( width, height );
      } };
      for ( const scaled of [ "", "Scaled" ] )
      {
         methods[`set${scaled}Fixed${Axis}`] = function( v = current( this )[axis] )
         {
            number( v, `setFixed${Axis}` );
            limit( this, "min" + Axis, v );
            limit( this, "max" + Axis, v );
         };
         for ( const bound of [ "Min", "Max" ] )
            methods[`set${scaled}${bound}${Axis}`] = function( v = current( this )[axis] )
            {
               number( v, `set${bound}${Axis}` );
               limit( this, bound.toLowerCase() + Axis, v );
            };
      }
      methods[`setVariable${Axis}`] = function()
      {
         limit( this, "min" + Axis, undefined );
         limit( this, "max" + Axis, undefined );
      };
      accessors[`isFixed${Axis}`] = { get()
      {
         const { limits } = this[DATA];
         return limits["min" + Axis] !== undefined && limits["min" + Axis] === limits["max" + Axis];
      } };
      for ( const [ bound, otherwise ] of [ [ "min", 0 ], [ "max", 16777215 ] ] )
         accessors[bound + Axis] = accessors[`scaled${bound[0].toUpperCase()}${bound.slice( 1 )}${Axis}`] = {
            get() { return this[DATA].limits[bound + Axis] ?? otherwise; },
            set( v ) { number( v, bound + Axis ); limit( this, bound + Axis, v ); } };
   }
   for ( const scaled of [ "", "Scaled" ] )
      for ( const kind of [ "Fixed", "Min", "Max" ] )
         methods[`set${scaled}${kind}Size`] = function( w, h )
         {
            this[`set${kind}Width`]( w );
            this[`set${kind}Height`]( h );
         };
   methods.setVariableSize = function() { this.setVariableWidth(); this.setVariableHeight(); };
   methods.resize = function( w, h )
   {
      number( w, "resize" );
      number( h, "resize" );
      if ( this.isWindow )
         layOut( this, { width: w, height: h } );
      else
         current( this ), Object.assign( this[DATA].rect, { width: w, height: h } );
   };
   methods.move = function( x, y )
   {
      Object.assign( current( this ), { x, y } );
   };

   accessors.position = { get() { const r = current( this ); return new host.globals.Point( r.x, r.y ); } };
   accessors.boundsRect = accessors.clientRect = { get() { const r = current( this ); return rect( 0, 0, r.width, r.height ); } };
   accessors.frameRect = { get() { const r = current( this ); return rect( r.x, r.y, r.x + r.width, r.y + r.height ); } };
   accessors.visibleRect = { get() { return isShown( this ) ? this.boundsRect : rect( 0, 0, 0, 0 ); } };
   accessors.availableScreenRect = accessors.screenRect = { get() { return rect( 0, 0, 1920, 1080 ); } };

   methods.localToGlobal = function( p )
   {
      const r = rectIn( this, this.window );
      return new host.globals.Point( p.x + r.x, p.y + r.y );
   };
   methods.globalToLocal = function( p )
   {
      const r = rectIn( this, this.window );
      return new host.globals.Point( p.x - r.x, p.y - r.y );
   };
   methods.localToParent = function( p ) { const r = current( this ); return new host.globals.Point( p.x + r.x, p.y + r.y ); };
   methods.parentToLocal = function( p ) { const r = current( this ); return new host.globals.Point( p.x - r.x, p.y - r.y ); };
   methods.localToControl = function( control, p ) { return control.globalToLocal( this.localToGlobal( p ) ); };
   methods.controlToLocal = function( control, p ) { return this.globalToLocal( control.localToGlobal( p ) ); };

   for ( const [ name, value ] of Object.entries( methods ) )
      Object.defineProperty( Control.prototype, name, { value, configurable: true, writable: true } );
   for ( const [ name, accessor ] of Object.entries( accessors ) )
      Object.defineProperty( Control.prototype, name, { ...accessor, configurable: true } );
}
