// Control: the root of everything on a dialog.

import { HostObject } from "../object.mjs";
import { ATTACH, DATA, PAINT, SIZE, TEXT, EXPANDS, CHANGED, events, fire, isShown, properties, require, topOf } from "./widget.mjs";
import { sizes } from "./sizes.mjs";
import { layOut, relayout } from "./layout.mjs";

const EVENTS = [ "onChildCreate", "onChildDestroy", "onClose", "onDestroy", "onEnter", "onGetFocus", "onHide", "onKeyPress",
   "onKeyRelease", "onLeave", "onLoseFocus", "onMouseDoubleClick", "onMouseMove", "onMousePress", "onMouseRelease",
   "onMouseWheel", "onMove", "onPaint", "onResize", "onShow" ];

export function install( host )
{
   class Control extends HostObject
   {
      constructor( parent )
      {
         super();
         this[DATA] = { parent: null, children: [], values: {}, handlers: {}, sizer: null, limits: {}, font: null, rect: null };
         if ( parent === undefined || parent === null )
            return;
         require( parent[DATA] !== undefined, `${this.constructor.name}: the parent must be a Control` );
         this[DATA].parent = parent;
         parent[DATA].children.push( this );
         fire( host, parent, "onChildCreate", this );
      }

      get parent() { return this[DATA].parent; }
      set parent( parent )
      {
         const old = this[DATA].parent;
         if ( old )
            old[DATA].children.splice( old[DATA].children.indexOf( this ), 1 );
         this[DATA].parent = parent;
         parent?.[DATA].children.push( this );
      }
      get window() { return topOf( this ); }
      get dialog()
      {
         for ( let c = this; c; c = c[DATA].parent )
            if ( c.isDialog )
               return c;
         return null;
      }
      get isDialog() { return false; }
      get isWindow() { return this[DATA].parent === null; }
      get isModal() { return false; }
      get isActiveWindow() { return host.desk.top() === this.window; }
      get isMinimized() { return false; }
      get isMaximized() { return false; }
      get isUnderMouse() { return host.desk.underMouse === this; }

      get sizer() { return this[DATA].sizer; }
      set sizer( sizer )
      {
         sizer[ATTACH]( this );
         this[DATA].sizer = sizer;
      }
      get font() { return this[DATA].font ?? (this[DATA].font = new host.globals.Font); }
      set font( font ) { this[DATA].font = font; }

      get hasFocus() { return host.desk.focus === this; }
      set hasFocus( value ) { host.desk.setFocus( value ? this : null ); }
      get focusedChild() { return host.desk.focus; }

      get visible() { return this[DATA].values.visible ?? true; }
      set visible( value )
      {
         if ( value )
            this.show();
         else
            this.hide();
      }
      show() { this.#turn( true, "onShow" ); }
      hide() { this.#turn( false, "onHide" ); }
      #turn( visible, event )
      {
         const was = isShown( this );
         this[DATA].values.visible = visible;
         relayout( this );
         if ( isShown( this ) != was )
            fire( host, this, event );
      }

      isAncestorOf( control )
      {
         for ( let c = control[DATA].parent; c; c = c[DATA].parent )
            if ( c === this )
               return true;
         return false;
      }
      bringToFront() {}
      sendToBack() {}
      activateWindow() {}
      restyle() {}
      setCursorToParent() {}

      update() { host.pump.post( () => this[PAINT]() ); }
      repaint() { this[PAINT](); }
      [PAINT]()
      {
         if ( !isShown( this ) || !this.onPaint || this[DATA].painting )
            return;
         this[DATA].painting = true;
         try
         {
            fire( host, this, "onPaint", 0, 0, this.width, this.height );
         }
         finally
         {
            this[DATA].painting = false;
         }
      }

      scaledResource( path ) { return path; }
      scaledStyleSheet( css ) { return css; }
      logicalPixelsToPhysical( n ) { return Math.round( n ); }
      physicalPixelsToLogical( n ) { return Math.round( n ); }
      get displayPixelRatio() { return 1; }
      get resourcePixelRatio() { return 1; }

      ensureLayoutUpdated() { layOut( topOf( this ) ); }
      adjustToContents() { layOut( topOf( this ), { toContents: true } ); }

      [TEXT]() { return ""; }
      [SIZE]() { return { width: 8, height: 8 }; }
      get [EXPANDS]() { return { x: true, y: true }; }
      [CHANGED]() {}
   }
   properties( Control, { enabled: true, toolTip: "", styleSheet: "", windowTitle: "", objectId: "", backgroundColor: 0,
      foregroundColor: 0, textColor: 0, canvasColor: 0, alternateCanvasColor: 0, buttonColor: 0, buttonTextColor: 0,
      highlightColor: 0, highlightedTextColor: 0, windowOpacity: 1, canUpdate: true, mouseTracking: false, focusStyle: 0,
      cursor: null, childToFocus: null, nextSiblingToFocus: null } );
   events( Control, EVENTS );
   sizes( Control, host );
   return { Control };
}
