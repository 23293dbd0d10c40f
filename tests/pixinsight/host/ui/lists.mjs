// ComboBox and ViewList.

import { announce, DATA, EXPANDS, SIZE, TEXT, USER, events, fire, properties, require } from "./widget.mjs";
import { lineHeight, textWidth } from "./style.mjs";

export function install( host, { Control } )
{
   class ComboBox extends Control
   {
      constructor( parent )
      {
         super( parent );
         Object.assign( this[DATA], { items: [], current: -1 } );
      }

      #at( index )
      {
         require( Number.isInteger( index ) && index >= 0 && index < this[DATA].items.length, `ComboBox: no item ${index}` );
         return index;
      }
      get numberOfItems() { return this[DATA].items.length; }
      get currentItem() { return this[DATA].current; }
      set currentItem( index )
      {
         const old = this[DATA].current;
         this[DATA].current = index == -1 ? -1 : this.#at( index );
         if ( index !== old )
            announce( host, this, "onItemSelected", index );
      }
      addItem( text, icon ) { this.insertItem( this.numberOfItems, text, icon ); }
      insertItem( index, text )
      {
         require( typeof text == "string", "ComboBox.addItem: a String is expected" );
         const data = this[DATA];
         data.items.splice( index, 0, text );
         if ( data.current >= index )
            ++data.current;
         if ( data.items.length == 1 )
         {
            data.current = 0;
            announce( host, this, "onItemSelected", 0 );
         }
      }
      removeItem( index )
      {
         const data = this[DATA];
         data.items.splice( this.#at( index ), 1 );
         data.current = Math.min( data.current > index ? data.current - 1 : data.current, data.items.length - 1 );
      }
      clear() { Object.assign( this[DATA], { items: [], current: -1 } ); }
      itemText( index ) { return this[DATA].items[this.#at( index )]; }
      setItemText( index, text ) { this[DATA].items[this.#at( index )] = text; }
      findItem( text, from = 0, exact = false, caseSensitive = false )
      {
         const fold = s => caseSensitive ? s : s.toLowerCase();
         return this[DATA].items.findIndex( ( item, i ) => i >= from
            && (exact ? fold( item ) == fold( text ) : fold( item ).includes( fold( text ) )) );
      }

      [TEXT]() { return this[DATA].items[this[DATA].current] ?? ""; }
      [SIZE]() { return { width: Math.max( 40, ...this[DATA].items.map( item => textWidth( item ) + 36 ) ), height: lineHeight() + 8 }; }
      get [EXPANDS]() { return { x: false, y: false }; }
      [USER.choose]( what )
      {
         const index = typeof what == "number" ? what
            : this[DATA].items.findIndex( item => item === what || what instanceof RegExp && what.test( item ) );
         if ( index < 0 || index >= this.numberOfItems )
            throw new Error( `no item '${what}' among: ${this[DATA].items.join( " | " )}` );
         this[DATA].current = index;
         fire( host, this, "onItemHighlighted", index );
         fire( host, this, "onItemSelected", index );
      }
   }
   properties( ComboBox, { editEnabled: false, editText: "", maxVisibleItemCount: 16, minItemCharWidth: 0, autoCompletion: true } );
   events( ComboBox, [ "onEditTextUpdated", "onItemHighlighted", "onItemSelected" ] );

   const NOTHING = "<No View Selected>";

   class ViewList extends Control
   {
      constructor( parent )
      {
         super( parent );
         Object.assign( this[DATA], { main: false, previews: false, removed: new Set, id: null } );
      }

      /** Views on the list now: closed ones leave it by themselves. */
      #views()
      {
         const { main, previews, removed } = this[DATA];
         return [ ...main ? host.imaging.mainViews() : [], ...previews ? host.imaging.previews() : [] ]
            .filter( view => !removed.has( view.fullId ) );
      }
      #list( main, previews )
      {
         Object.assign( this[DATA], { main, previews, removed: new Set } );
      }
      getAll() { this.#list( true, true ); }
      getMainViews() { this.#list( true, false ); }
      getPreviews() { this.#list( false, true ); }
      reload() {}
      remove( view ) { this[DATA].removed.add( view.fullId ); }
      get includesMainViews() { return this[DATA].main; }
      get includesPreviews() { return this[DATA].previews; }

      get currentView()
      {
         return this.#views().find( view => view.fullId === this[DATA].id ) ?? null;
      }
      set currentView( view )
      {
         const id = view === null || view === undefined || view.isNull ? null : view.fullId;
         require( id === null || this.#views().some( v => v.fullId === id ), `ViewList: the view ${id} is not on the list` );
         if ( id === this[DATA].id )
            return;
         this[DATA].id = id;
         announce( host, this, "onViewSelected", this.currentView );
      }

      [TEXT]() { return this.currentView?.fullId ?? NOTHING; }
      [SIZE]() { return { width: 160, height: lineHeight() + 8 }; }
      get [EXPANDS]() { return { x: true, y: false }; }
      [USER.choose]( id )
      {
         const ids = this.#views().map( view => view.fullId );
         if ( id !== null && !ids.includes( id ) )
            throw new Error( `no view '${id}' among: ${ids.join( " | " )}` );
         this[DATA].id = id;
         fire( host, this, "onCurrentViewUpdated", this.currentView );
         fire( host, this, "onViewSelected", this.currentView );
      }
   }
   properties( ViewList, { excludeIdentifiersPattern: "" } );
   events( ViewList, [ "onCurrentViewUpdated", "onViewSelected" ] );
   return { ComboBox, ViewList };
}
