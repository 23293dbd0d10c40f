// TreeBox and TreeBoxNode.

import { HostObject } from "../object.mjs";
import { DATA, SIZE, TEXT, USER, events, fire, properties, require } from "./widget.mjs";

const NODE = Symbol( "node" );
const NODE_FLAGS = { checkable: false, checked: false, enabled: true, expanded: false, selectable: true, selected: false };

export function install( host, { ScrollBox } )
{
   /** Children of a tree or a node. */
   const childrenOf = owner => owner[NODE].children;
   const insert = ( owner, index, node ) =>
   {
      require( node?.[NODE] !== undefined && node[NODE].parent === null, "TreeBox.add: a TreeBoxNode without parent is expected" );
      childrenOf( owner ).splice( index, 0, node );
      node[NODE].parent = owner;
   };
   const childAt = ( owner, index ) =>
   {
      require( Number.isInteger( index ) && index >= 0 && index < childrenOf( owner ).length, `TreeBox: no child ${index}` );
      return childrenOf( owner )[index];
   };

   class TreeBoxNode extends HostObject
   {
      constructor( owner, index )
      {
         super();
         this[NODE] = { parent: null, children: [], columns: [], values: {} };
         if ( owner !== undefined && owner !== null )
            insert( owner, index ?? childrenOf( owner ).length, this );
      }
      #column( col ) { return this[NODE].columns[col] ??= {}; }
      get parent() { const { parent } = this[NODE]; return parent?.[DATA] ? null : parent; }
      get parentTree()
      {
         let owner = this[NODE].parent;
         while ( owner && !owner[DATA] )
            owner = owner[NODE].parent;
         return owner;
      }
      get numberOfChildren() { return childrenOf( this ).length; }
      child( index ) { return childAt( this, index ); }
      add( node ) { insert( this, this.numberOfChildren, node ); }
      insert( index, node ) { insert( this, index, node ); }
      remove( index ) { childAt( this, index )[NODE].parent = null; childrenOf( this ).splice( index, 1 ); }
      text( col ) { return this.#column( col ).text ?? ""; }
      setText( col, text )
      {
         require( typeof text == "string", "TreeBoxNode.setText: a String is expected" );
         this.#column( col ).text = text;
      }
      alignment( col ) { return this.#column( col ).alignment ?? 0; }
      setAlignment( col, align ) { this.#column( col ).alignment = align; }
      toolTip( col ) { return this.#column( col ).tip ?? ""; }
      setToolTip( col, tip ) { this.#column( col ).tip = tip; }
      textColor( col ) { return this.#column( col ).color ?? 0; }
      setTextColor( col, rgba ) { this.#column( col ).color = rgba; }
      backgroundColor( col ) { return this.#column( col ).back ?? 0; }
      setBackgroundColor( col, rgba ) { this.#column( col ).back = rgba; }
      font( col ) { return this.#column( col ).font ?? new host.globals.Font; }
      setFont( col, font ) { this.#column( col ).font = font; }
      icon( col ) { return this.#column( col ).icon ?? null; }
      setIcon( col, icon ) { this.#column( col ).icon = icon; }
      clearIcon( col ) { this.#column( col ).icon = null; }
   }
   for ( const [ name, initial ] of Object.entries( NODE_FLAGS ) )
      Object.defineProperty( TreeBoxNode.prototype, name, { configurable: true,
         get() { return this[NODE].values[name] ?? initial; },
         set( value )
         {
            require( typeof value == "boolean", `TreeBoxNode.${name}: a Boolean is expected` );
            this[NODE].values[name] = value;
         } } );

   class TreeBox extends ScrollBox
   {
      constructor( parent )
      {
         super( parent );
         this[NODE] = { children: [] };
         Object.assign( this[DATA], { headers: [], widths: [], hidden: new Set, current: null } );
      }
      get numberOfChildren() { return childrenOf( this ).length; }
      child( index ) { return childAt( this, index ); }
      childIndex( node ) { return childrenOf( this ).indexOf( node ); }
      add( node ) { insert( this, this.numberOfChildren, node ); }
      insert( index, node ) { insert( this, index, node ); }
      remove( index )
      {
         if ( childAt( this, index ) === this[DATA].current )
            this[DATA].current = null;
         childrenOf( this ).splice( index, 1 )[0][NODE].parent = null;
      }
      clear()
      {
         this[NODE].children = [];
         this[DATA].current = null;
      }
      get currentNode() { return this[DATA].current; }
      set currentNode( node ) { this[DATA].current = node; }
      get selectedNodes() { return childrenOf( this ).filter( node => node.selected ); }
      selectAllNodes() { childrenOf( this ).forEach( node => { node.selected = true; } ); }
      headerText( col ) { return this[DATA].headers[col] ?? ""; }
      setHeaderText( col, text ) { this[DATA].headers[col] = text; }
      setHeaderAlignment() {}
      columnWidth( col ) { return this[DATA].widths[col] ?? 100; }
      setColumnWidth( col, width ) { this[DATA].widths[col] = width; }
      adjustColumnWidthToContents() {}
      isColumnVisible( col ) { return !this[DATA].hidden.has( col ); }
      hideColumn( col, hide = true )
      {
         if ( hide )
            this[DATA].hidden.add( col );
         else
            this[DATA].hidden.delete( col );
      }
      showColumn( col, show = true ) { this.hideColumn( col, !show ); }
      setIconSize() {}
      setNodeIntoView() {}
      sort( col = 0, ascending = true )
      {
         childrenOf( this ).sort( ( a, b ) => (ascending ? 1 : -1)*a.text( col ).localeCompare( b.text( col ) ) );
      }

      /** Rows as a person reads them. */
      [TEXT]()
      {
         const box = node => node.checkable ? node.checked ? "\u2611 " : "\u2610 " : "";
         const rows = childrenOf( this ).map( node => box( node ) + this.#row( node ) );
         return [ ...this.headerVisible && this[DATA].headers.length ? [ this[DATA].headers.join( " | " ) ] : [], ...rows ].join( "\n" );
      }
      #row( node ) { return Array.from( { length: this.numberOfColumns }, ( _, col ) => node.text( col ) ).join( " | " ); }
      [SIZE]() { return { width: 200, height: 120 }; }

      #find( what )
      {
         const nodes = childrenOf( this );
         const node = typeof what == "number" ? nodes[what]
            : nodes.find( n => what instanceof RegExp ? what.test( this.#row( n ) ) : this.#row( n ).includes( what ) );
         if ( node === undefined || !node.enabled )
            throw new Error( `no row '${what}' among:\n${this[TEXT]()}` );
         return node;
      }
      /** A person clicks a row: it becomes current and the only selected one. */
      [USER.choose]( what )
      {
         const node = this.#find( what );
         for ( const other of childrenOf( this ) )
            other[NODE].values.selected = other === node && node.selectable;
         const old = this[DATA].current;
         this[DATA].current = node;
         if ( old !== node )
            fire( host, this, "onCurrentNodeUpdated", node, old );
         fire( host, this, "onNodeSelectionUpdated" );
         fire( host, this, "onNodeClicked", node, 0 );
      }
      /** A person ticks or clears the box of a row. */
      [USER.check]( checked, what )
      {
         const node = this.#find( what );
         require( node.checkable, "the row has no check box" );
         node[NODE].values.checked = checked;
         fire( host, this, "onNodeUpdated", node, 0 );
      }
   }
   properties( TreeBox, { numberOfColumns: 1, headerVisible: true, alternateRowColor: false, multipleSelection: false,
      rootDecoration: true, uniformRowHeight: false, headerSorting: false, nodeDragging: false, nodeExpansion: true, indentSize: 20 } );
   events( TreeBox, [ "onCurrentNodeUpdated", "onNodeActivated", "onNodeClicked", "onNodeCollapsed", "onNodeDoubleClicked",
      "onNodeEntered", "onNodeExpanded", "onNodeSelectionUpdated", "onNodeUpdated" ] );
   return { TreeBox, TreeBoxNode };
}
