// PushButton, ToolButton, CheckBox, RadioButton.

import { announce, CHANGED, DATA, EXPANDS, SIZE, TEXT, USER, events, fire, properties } from "./widget.mjs";
import { lineHeight, textWidth } from "./style.mjs";
import { relayout } from "./layout.mjs";

const CLICKED = Symbol( "clicked" ); // the part of a click that differs

export function install( host, { Control } )
{
   class Button extends Control
   {
      [TEXT]() { return this.text; }
      [SIZE]()
      {
         const icon = "icon" in this && this.icon ? 20 : 0;
         return { width: Math.max( this instanceof Checkable ? 0 : 64, textWidth( this.text ) + icon + 16 ), height: lineHeight() + 8 };
      }
      get [EXPANDS]() { return { x: false, y: false }; }
      [CHANGED]( name )
      {
         if ( name == "text" )
            relayout( this );
      }
      /** What the mouse does: press, release, click. */
      [USER.click]()
      {
         fire( host, this, "onPress" );
         fire( host, this, "onMousePress", 4, 4, 1, 1, 0 );
         fire( host, this, "onRelease" );
         fire( host, this, "onMouseRelease", 4, 4, 1, 0, 0 );
         this[CLICKED]();
      }
   }
   properties( Button, { text: "", state: 0 } );
   const face = { icon: null, iconWidth: 16, iconHeight: 16, pushed: false };
   events( Button, [ "onClick", "onPress", "onRelease" ] );

   class PushButton extends Button
   {
      [CLICKED]() { fire( host, this, "onClick", false ); }
   }
   properties( PushButton, { ...face, defaultButton: false } );

   /** Buttons that keep a state. */
   class Checkable extends Button
   {
      [CHANGED]( name, value, old )
      {
         super[CHANGED]( name );
         if ( name != "checked" || value === old )
            return;
         this[DATA].values.state = value ? 1 : 0;
         announce( host, this, "onCheck", value );
      }
      [USER.check]( checked )
      {
         this[DATA].values.checked = checked;
         this[DATA].values.state = checked ? 1 : 0;
         fire( host, this, "onCheck", checked );
         fire( host, this, "onClick", checked );
      }
   }
   properties( Checkable, { checked: false } );
   events( Checkable, [ "onCheck" ] );

   class ToolButton extends Checkable
   {
      [CLICKED]()
      {
         if ( this.checkable )
            this[USER.check]( !this.checked );
         else
            fire( host, this, "onClick", false );
      }
   }
   properties( ToolButton, { ...face, checkable: false } );

   class CheckBox extends Checkable
   {
      [CLICKED]() { this[USER.check]( !this.checked ); }
   }
   properties( CheckBox, { tristate: false } );

   class RadioButton extends Checkable
   {
      [CLICKED]() { this[USER.check]( true ); }
      [CHANGED]( name, value, old )
      {
         if ( name == "checked" && value )
            this.#clearOthers();
         super[CHANGED]( name, value, old );
      }
      [USER.check]( checked )
      {
         if ( !checked )
            throw new Error( "a radio button is not switched off by a click" );
         this.#clearOthers();
         super[USER.check]( true );
      }
      #clearOthers()
      {
         for ( const other of this.parent?.[DATA].children ?? [] )
            if ( other !== this && other instanceof RadioButton && other.checked )
            {
               other[DATA].values.checked = false;
               fire( host, other, "onCheck", false );
            }
      }
   }
   return { PushButton, ToolButton, CheckBox, RadioButton };
}
