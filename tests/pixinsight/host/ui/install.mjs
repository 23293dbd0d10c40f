// All widgets, in the order in which they build on each other.

import * as control from "./control.mjs";
import * as sizers from "./sizers.mjs";
import * as style from "./style.mjs";
import * as texts from "./texts.mjs";
import * as buttons from "./buttons.mjs";
import * as values from "./values.mjs";
import * as lists from "./lists.mjs";
import * as boxes from "./boxes.mjs";
import * as tree from "./tree.mjs";
import * as dialog from "./dialog.mjs";
import * as messages from "./messages.mjs";

export function install( host )
{
   const found = {};
   for ( const module of [ control, sizers, style, texts, buttons, values, lists, boxes, tree, dialog, messages ] )
      Object.assign( found, module.install( host, found ) );
   return found;
}
