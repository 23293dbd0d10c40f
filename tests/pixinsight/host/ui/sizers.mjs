// HorizontalSizer and VerticalSizer.

import { HostObject } from "../object.mjs";
import { ATTACH, DATA, LAYOUT, require } from "./widget.mjs";
import { relayout } from "./layout.mjs";

export function install( host )
{
   const requireParent = control => require( control.parent !== null || host.quirk( "orphans" ) == "adopt",
      `${control.constructor.name} was created without a parent control` );

   class Sizer extends HostObject
   {
      // What layout.mjs reads: { axis, margin, spacing, items: [ { control | sizer | gap, stretch } ] }
      #layout;
      #owner = null;

      constructor( vertical = false )
      {
         super();
         this.#layout = { axis: vertical ? "height" : "width", margin: 0, spacing: 0, items: [] };
      }

      get [LAYOUT]() { return this.#layout; }
      /** Makes this the sizer of a control, or of a part of it. */
      [ATTACH]( control )
      {
         this.#owner = control;
         for ( const entry of this.#layout.items )
         {
            entry.sizer?.[ATTACH]( control );
            if ( entry.control )
               this.#adopt( entry.control );
         }
         relayout( control );
      }

      #adopt( control )
      {
         requireParent( control );
         if ( control.parent !== this.#owner ) // as Qt's layouts do
            control.parent = this.#owner;
      }

      get isHorizontal() { return this.#layout.axis == "width"; }
      get isVertical() { return this.#layout.axis == "height"; }
      get numberOfItems() { return this.#layout.items.length; }
      get parentControl() { return this.#owner; }
      get displayPixelRatio() { return 1; }
      logicalPixelsToPhysical( n ) { return Math.round( n ); }
      physicalPixelsToLogical( n ) { return Math.round( n ); }

      add( item, stretch = 0, alignment = 0 ) { this.insert( this.numberOfItems, item, stretch, alignment ); }
      insert( index, item, stretch = 0 )
      {
         require( item !== null && typeof item == "object" && (item[DATA] !== undefined || item instanceof Sizer),
            "Sizer.add: a Control or a Sizer is expected" );
         require( !this.has( item ), "Sizer.add: the item is there already" );
         this.#insert( index, item instanceof Sizer ? { sizer: item } : { control: item }, stretch );
         if ( item instanceof Sizer )
         {
            if ( this.#owner )
               item[ATTACH]( this.#owner );
         }
         else if ( this.#owner )
            this.#adopt( item );
         else
            requireParent( item );
      }
      #insert( index, entry, stretch )
      {
         require( typeof stretch == "number" && stretch >= 0, "Sizer: a stretch factor is expected" );
         this.#layout.items.splice( index, 0, { ...entry, stretch } );
         if ( this.#owner )
            relayout( this.#owner );
      }
      addSpacing( size ) { this.insertSpacing( this.numberOfItems, size ); }
      addScaledSpacing( size ) { this.addSpacing( size ); }
      addUnscaledSpacing( size ) { this.addSpacing( size ); }
      addStretch( stretch = 100 ) { this.insertStretch( this.numberOfItems, stretch ); }
      insertSpacing( index, size )
      {
         require( typeof size == "number", "Sizer.addSpacing: a size is expected" );
         this.#insert( index, { gap: size }, 0 );
      }
      insertScaledSpacing( index, size ) { this.insertSpacing( index, size ); }
      insertUnscaledSpacing( index, size ) { this.insertSpacing( index, size ); }
      insertStretch( index, stretch = 100 ) { this.#insert( index, { gap: 0 }, stretch ); }

      indexOf( item ) { return this.#layout.items.findIndex( entry => (entry.sizer ?? entry.control) === item ); }
      has( item ) { return this.indexOf( item ) >= 0; }
      remove( item )
      {
         require( this.has( item ), "Sizer.remove: no such item" );
         this.#layout.items.splice( this.indexOf( item ), 1 );
      }
      setAlignment( item ) { require( this.has( item ), "Sizer.setAlignment: no such item" ); }
      setStretchFactor( item, stretch )
      {
         require( this.has( item ), "Sizer.setStretchFactor: no such item" );
         this.#layout.items[this.indexOf( item )].stretch = stretch;
      }
   }
   for ( const [ name, Name ] of [ [ "margin", "Margin" ], [ "spacing", "Spacing" ] ] )
      for ( const key of [ name, `scaled${Name}`, `unscaled${Name}` ] )
         Object.defineProperty( Sizer.prototype, key, { configurable: true, get() { return this[LAYOUT][name]; },
            set( value )
            {
               require( typeof value == "number" && value >= 0, `Sizer.${key}: a size is expected` );
               this[LAYOUT][name] = value;
            } } );

   class HorizontalSizer extends Sizer
   {
      constructor() { super( false ); }
   }
   class VerticalSizer extends Sizer
   {
      constructor() { super( true ); }
   }
   return { Sizer, HorizontalSizer, VerticalSizer };
}
