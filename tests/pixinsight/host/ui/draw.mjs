// A dialog as a tree of boxes, and as a page to look at.

import { hostClassName } from "../object.mjs";
import { DATA, TEXT, isEnabled, isShown } from "./widget.mjs";
import { layOut } from "./layout.mjs";
import { textWidth } from "./style.mjs";

const FREE_TEXT = new Set( [ "TextBox", "TreeBox", "Edit" ] ); // scroll inside, never clipped

const wraps = control => "wordWrapping" in control && control.wordWrapping;

/**
 * Layout tree of a dialog: `{ type, text, toolTip, rect: { x, y, width, height }, enabled, shown, unplaced, clipped, children }`,
 * rectangles in the dialog's pixels. `unplaced`: lies in no sizer; `clipped`: its text does not fit.
 */
export function describe( dialog )
{
   layOut( dialog );
   return node( dialog, 0, 0, dialog[DATA].isOpen !== true );
}

function node( control, x0, y0, closed )
{
   const { rect, children } = control[DATA];
   const x = x0 + rect.x, y = y0 + rect.y;
   const type = control.constructor.name;
   const text = control[TEXT]();
   return { type, text, toolTip: control.toolTip, rect: { x, y, width: rect.width, height: rect.height },
      enabled: isEnabled( control ), shown: closed ? control.visible : isShown( control ), unplaced: rect.unplaced === true,
      clipped: !FREE_TEXT.has( hostClassName( control ) ) && !wraps( control ) && text.split( "\n" ).some( line => textWidth( line ) > rect.width + 1 ),
      children: children.map( child => node( child, x, y, closed ) ) };
}

const escaped = text => text.replace( /[&<>"]/g, c => ( { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" } )[c] );

const STYLE = `body{margin:20px;background:#888;font:12px Helvetica,Arial,sans-serif}
.w{position:relative;background:#e4e4e4;box-shadow:0 2px 12px #0008}.t{background:#345;color:#fff;padding:4px 8px}
.c{position:absolute;box-sizing:border-box;overflow:hidden;white-space:pre;line-height:16px;padding:1px 2px}
.off{color:#999}.c img{position:absolute;left:0;top:0}.bad{outline:2px solid red}.wrap{white-space:pre-wrap}
.PushButton,.ToolButton{border:1px solid #777;border-radius:3px;background:#f6f6f6;text-align:center;padding-top:3px}
.Edit,.SpinBox,.ComboBox,.ViewList,.TextBox,.TreeBox,.NumericEdit{border:1px solid #999;background:#fff;padding-top:3px}
.GroupBox{border:1px solid #aaa}.SectionBar{background:#567;color:#fff}
.HorizontalSlider,.Slider{background:linear-gradient(#678,#678) center/100% 2px no-repeat}
.Control,.Frame,.ScrollBox{border:1px dotted #bbb}`;

/** What stands before the text of a control. */
const MARKS = {
   CheckBox: c => c.checked ? "☑ " : "☐ ",
   RadioButton: c => c.checked ? "◉ " : "○ ",
   ComboBox: () => "▾ ",
   ViewList: () => "▾ ",
   SectionBar: c => c.isCollapsed() ? "▸ " : "▾ ",
   ToolButton: c => typeof c.icon == "string" ? c.icon.replace( /^.*\/|\.\w+$/g, "" ) : "",
};
const HOLLOW = [ "NumericEdit", "NumericControl" ]; // their parts show the text

const imageOf = png => png ? `<img alt="" src="data:image/png;base64,${Buffer.from( png ).toString( "base64" )}">` : "";

/**
 * A page that shows the dialog as it is laid out; what lies in no sizer or is clipped has a red outline. `painting(
 * control )` gives the PNG of what a control's onPaint drew, or null.
 */
export function draw( dialog, painting )
{
   const tree = describe( dialog );
   const boxes = [];
   const walk = ( { text, rect, enabled, shown, unplaced, clipped, children, toolTip }, control ) =>
   {
      if ( !shown )
         return;
      if ( control !== dialog )
      {
         const kind = hostClassName( control );
         const flags = [ !enabled && "off", (unplaced || clipped) && "bad", wraps( control ) && "wrap" ].filter( Boolean ).join( " " );
         const shownText = (MARKS[kind]?.( control ) ?? "") + (HOLLOW.includes( kind ) ? "" : text);
         boxes.push( `<div class="c ${kind} ${flags}" title="${escaped( toolTip )}" style="left:${rect.x}px;top:${rect.y}px;`
            + `width:${rect.width}px;height:${rect.height}px">${escaped( shownText )}${imageOf( painting( control ) )}</div>` );
      }
      children.forEach( ( child, i ) => walk( child, control[DATA].children[i] ) );
   };
   walk( tree, dialog );
   const { width, height } = tree.rect;
   return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><div style="width:${width}px">`
      + `<div class="t">${escaped( dialog.windowTitle )}</div>`
      + `<div class="w" style="width:${width}px;height:${height}px">${boxes.join( "\n" )}</div></div>`;
}
