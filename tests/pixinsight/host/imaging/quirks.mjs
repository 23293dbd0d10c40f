// Where nobody knows for sure what the real program does. Given to createHost, or changed later on `host.imaging.quirks`.

export const IMAGING_QUIRKS = {
   freshWrappers: true,          // each access gives another script object for the same window or view
   closedIsNull: true,           // isNull of a window that was closed
   windowOpenFailure: 'empty',   // ImageWindow.open of a bad file: 'empty' array or 'throw'
   noActiveWindow: 'isNull',     // activeWindow with nothing open: an object with 'isNull', or 'null'
   saveAsRebinds: true,          // saveAs makes the window belong to the new file
   writeOutsideProcess: 'throw', // changing a view's image outside beginProcess/endProcess: 'throw' or 'allow'
   windowsWhileModal: 'free',    // the user can work in windows while a modal dialog is shown; or 'locked'
   integerArrays: 'scaled',      // samples in integer typed arrays: 'scaled' to the array's range, or 'native' units
   pixelMathMissing: 'false'     // executeOn with an error in the expression: 'false' or 'throw'
};
