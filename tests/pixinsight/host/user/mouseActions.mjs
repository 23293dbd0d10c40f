// The mouse on a control that handles it itself (a preview, a custom painted control).

import { fire, label } from "../ui/widget.mjs";
import { obstacle } from "./find.mjs";

const BUTTONS = { left: 1, right: 2, middle: 4 };
const MODIFIERS = { shift: 1, control: 2, alt: 4 };
const HANDLERS = { press: "onMousePress", release: "onMouseRelease", doubleClick: "onMouseDoubleClick" };

/** Adds mouse, drag and wheel to ui. Coordinates are the control's own, in pixels. */
export function mouseActions( host, ui )
{
   const { desk } = host;
   let down = 0; // buttons held

   const queue = ( spec, what, x, y, work ) =>
   {
      const control = ui.find( spec );
      const why = obstacle( control, desk );
      if ( why !== null )
         host.complain( `${control.constructor.name} '${label( control )}' ${why}` );
      if ( x < 0 || y < 0 || x >= control.width || y >= control.height )
         host.complain( `(${x}, ${y}) lies outside the control of ${control.width} x ${control.height}` );
      return ui.act( what, () => obstacle( control, desk ) === null, () =>
      {
         desk.underMouse = control;
         work( control );
      } );
   };
   const bits = modifiers => modifiers.reduce( ( sum, name ) => sum | MODIFIERS[name], 0 );

   const mouse = ( spec, kind, x, y, { button = "left", modifiers = [] } = {} ) => queue( spec, `mouse ${kind}`, x, y, control =>
   {
      const code = BUTTONS[button];
      if ( kind == "move" )
      {
         if ( down != 0 || control.mouseTracking )
            fire( host, control, "onMouseMove", x, y, down, bits( modifiers ) );
         return;
      }
      down = kind == "release" ? down & ~code : down | code;
      fire( host, control, HANDLERS[kind], x, y, code, down, bits( modifiers ) );
      if ( kind == "doubleClick" )
         down &= ~code;
   } );

   return {
      mouse,
      /** Press at the first point, move over the others, release at the last. */
      drag( spec, points, options )
      {
         mouse( spec, "press", ...points[0], options );
         for ( const point of points.slice( 1 ) )
            mouse( spec, "move", ...point, options );
         return mouse( spec, "release", ...points.at( -1 ), options );
      },
      wheel: ( spec, x, y, delta, { modifiers = [] } = {} ) => queue( spec, "wheel", x, y, control =>
         fire( host, control, "onMouseWheel", x, y, delta, down, bits( modifiers ) ) ),
   };
}
