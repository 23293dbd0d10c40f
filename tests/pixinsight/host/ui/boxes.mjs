// GroupBox, SectionBar, TabBox, ScrollBox: controls that hold others.

import { announce, CHANGED, DATA, EXPANDS, SIZE, TEXT, USER, events, fire, properties, require } from "./widget.mjs";
import { lineHeight, textWidth } from "./style.mjs";
import { relayout, wantedSize } from "./layout.mjs";

export function install( host, { Control, Frame, CheckBox } )
{
   class GroupBox extends Control
   {
      constructor( parent )
      {
         super( parent );
         this[DATA].frame = { x: 1, y: 1, top: lineHeight() };
      }
      [TEXT]() { return this.title; }
      [SIZE]() { return { width: textWidth( this.title ) + 24, height: lineHeight() + 4 }; }
      get [EXPANDS]() { return { x: true, y: false }; }
      [CHANGED]( name, value, old )
      {
         this[DATA].childrenOff = this.titleCheckBox && !this.checked;
         if ( name == "checked" && value !== old )
            announce( host, this, "onCheck", value );
      }
      [USER.check]( checked )
      {
         require( this.titleCheckBox, `the group '${this.title}' has no check box` );
         this[DATA].values.checked = checked;
         this[DATA].childrenOff = !checked;
         fire( host, this, "onCheck", checked );
      }
   }
   properties( GroupBox, { title: "", titleCheckBox: false, checked: true } );
   events( GroupBox, [ "onCheck" ] );

   class SectionBar extends Control
   {
      constructor( parent, title = "" )
      {
         super( parent );
         Object.assign( this[DATA], { title, section: null, box: null } );
      }
      title() { return this[DATA].title; }
      setTitle( title ) { this[DATA].title = title; }
      get section() { return this[DATA].section; }
      setSection( section ) { this[DATA].section = section; }
      hasSection() { return this[DATA].section !== null; }
      isCollapsed() { return this.hasSection() && !this[DATA].section.visible; }
      isExpanded() { return this.hasSection() && this[DATA].section.visible; }
      updateSection() {}
      toggleSection()
      {
         const { section } = this[DATA];
         require( section !== null, "SectionBar.toggleSection: no section has been set" );
         fire( host, this, "onToggleSection", this, true );
         section.visible = !section.visible;
         fire( host, this, "onToggleSection", this, false );
      }
      enableCheckBox() { this[DATA].box ??= new CheckBox( this ); }
      hasCheckBox() { return this[DATA].box !== null; }
      get checkBox() { return this[DATA].box; }
      isChecked() { return this[DATA].box?.checked ?? false; }

      [TEXT]() { return this[DATA].title; }
      [SIZE]() { return { width: textWidth( this[DATA].title ) + 40, height: lineHeight() + 6 }; }
      get [EXPANDS]() { return { x: true, y: false }; }
      [USER.click]() { this.toggleSection(); }
   }
   events( SectionBar, [ "onCheckSection", "onToggleSection" ] );

   class TabBox extends Control
   {
      constructor( parent )
      {
         super( parent );
         const data = this[DATA];
         Object.assign( data, { pages: [], current: -1, frame: { x: 2, y: 2, top: lineHeight() + 10 } } );
         data.arrange = () => data.pages.forEach( ( { page } ) =>
         {
            const { frame, rect } = data;
            page[DATA].rect = { x: frame.x, y: frame.top, width: rect.width - 2*frame.x,
               height: rect.height - frame.top - frame.y, unplaced: false };
         } );
      }
      #page( index )
      {
         const page = this[DATA].pages[index];
         require( page !== undefined, `TabBox: no page ${index}` );
         return page;
      }
      #show( index )
      {
         this[DATA].current = index;
         this[DATA].pages.forEach( ( { page }, i ) => { page.visible = i == index; } );
         relayout( this );
      }
      addPage( page, label ) { this.insertPage( this.numberOfPages, page, label ); }
      insertPage( index, page, label )
      {
         page.parent = this;
         this[DATA].pages.splice( index, 0, { page, label, enabled: true, tip: "" } );
         this.#show( Math.max( 0, this[DATA].current ) );
      }
      removePage( index )
      {
         this.#page( index );
         this[DATA].pages.splice( index, 1 );
      }
      get numberOfPages() { return this[DATA].pages.length; }
      get currentPageIndex() { return this[DATA].current; }
      set currentPageIndex( index )
      {
         this.#page( index );
         const old = this[DATA].current;
         this.#show( index );
         if ( index !== old )
            announce( host, this, "onPageSelected", index );
      }
      get currentPageControl() { return this[DATA].pages[this[DATA].current]?.page ?? null; }
      pageControlByIndex( index ) { return this.#page( index ).page; }
      pageLabel( index ) { return this.#page( index ).label; }
      setPageLabel( index, label ) { this.#page( index ).label = label; }
      pageToolTip( index ) { return this.#page( index ).tip; }
      setPageToolTip( index, tip ) { this.#page( index ).tip = tip; }
      isPageEnabled( index ) { return this.#page( index ).enabled; }
      enablePage( index, enable = true ) { this.#page( index ).enabled = enable; }
      disablePage( index, disable = true ) { this.#page( index ).enabled = !disable; }

      [TEXT]() { return this[DATA].pages.map( ( { label } ) => label ).join( " | " ); }
      [SIZE]()
      {
         const { pages, frame } = this[DATA];
         const sizes = pages.map( ( { page } ) => wantedSize( page ) );
         return { width: Math.max( textWidth( this[TEXT]() ) + 24*pages.length, ...sizes.map( s => s.width + 2*frame.x ) ),
            height: frame.top + frame.y + Math.max( 0, ...sizes.map( s => s.height ) ) };
      }
      [USER.choose]( label )
      {
         const index = this[DATA].pages.findIndex( page => page.label === label );
         if ( index < 0 || !this[DATA].pages[index].enabled )
            throw new Error( `no page '${label}' to select among: ${this[TEXT]()}` );
         this.#show( index );
         fire( host, this, "onPageSelected", index );
      }
   }
   properties( TabBox, { tabPosition: 0 } );
   events( TabBox, [ "onPageSelected" ] );

   class ScrollBox extends Frame
   {
      constructor( parent )
      {
         super( parent );
         const data = this[DATA];
         data.viewport = new Control( this );
         Object.assign( data, { range: { x: [ 0, 0 ], y: [ 0, 0 ] }, at: { x: 0, y: 0 } } );
         data.arrange = () =>
         {
            const { width, height } = data.rect;
            data.viewport[DATA].rect = { x: 1, y: 1, width: Math.max( 0, width - 2 ), height: Math.max( 0, height - 2 ), unplaced: false };
         };
      }
      get viewport() { return this[DATA].viewport; }
      setHorizontalScrollRange( low, high ) { this[DATA].range.x = [ low, high ]; }
      setVerticalScrollRange( low, high ) { this[DATA].range.y = [ low, high ]; }
      get maxHorizontalScrollPosition() { return this[DATA].range.x[1]; }
      get maxVerticalScrollPosition() { return this[DATA].range.y[1]; }
      #scroll( axis, value, event )
      {
         const [ low, high ] = this[DATA].range[axis];
         this[DATA].at[axis] = Math.max( low, Math.min( high, value ) );
         fire( host, this, event, this[DATA].at[axis] );
      }
      get horizontalScrollPosition() { return this[DATA].at.x; }
      set horizontalScrollPosition( x ) { this.#scroll( "x", x, "onHorizontalScrollPosUpdated" ); }
      get verticalScrollPosition() { return this[DATA].at.y; }
      set verticalScrollPosition( y ) { this.#scroll( "y", y, "onVerticalScrollPosUpdated" ); }
      get scrollPosition() { return new host.globals.Point( this[DATA].at.x, this[DATA].at.y ); }
      setScrollPosition( x, y )
      {
         this.horizontalScrollPosition = x;
         this.verticalScrollPosition = y;
      }
      [SIZE]() { return { width: 120, height: 80 }; }
   }
   properties( ScrollBox, { autoScroll: false, tracking: true, horizontalTracking: true, verticalTracking: true, lineWidth: 16,
      lineHeight: 16, pageWidth: 100, pageHeight: 100, horizontalScrollBarVisible: true, verticalScrollBarVisible: true,
      scrollBarsVisible: true } );
   events( ScrollBox, [ "onHorizontalScrollPosUpdated", "onHorizontalScrollRangeUpdated", "onVerticalScrollPosUpdated",
      "onVerticalScrollRangeUpdated" ] );

   return { GroupBox, ...host.quirk( "sectionBar" ) && { SectionBar }, TabBox, ScrollBox };
}
