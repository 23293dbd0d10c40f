// What `#include <pjsr/…>` finds in a V8 PixInsight.

const NATIVE_NOW = { "Sizer.jsh": "HorizontalSizer", "NumericControl.jsh": "NumericEdit", "Color.jsh": "Color" };

const CONSTANTS = [ "BitmapFormat", "BrushStyle", "ButtonCodes", "CheckState", "ColorSpace", "CompositionOp",
   "CryptographicHash", "DataType", "FileAttribute", "FileMode", "FillRule", "FocusStyle", "FontFamily", "FontStretch",
   "FontWeight", "FrameStyle", "ImageOp", "Interpolation", "KeyCodes", "MaskMode", "MorphOp", "PenCap", "PenJoin",
   "PenStyle", "ProcessError", "ProcessExitStatus", "PropertyAttribute", "PropertyType", "ReadTextOptions",
   "ResizeMode", "SampleType", "SeekMode", "StdButton", "StdCursor", "StdDialogCode", "StdIcon", "TextAlign",
   "TransparencyMode", "UndoFlag", "WritingSystem" ];

/** Flat names a header of constants defines: `StdIcon.jsh` gives `StdIcon_Error`, … */
const TABLES = { ButtonCodes: { MouseButton: "MouseButton", KeyModifier: "KeyModifier" }, KeyCodes: { Key: "KeyCode" },
   SampleType: { SampleType: "PixelSampleType" }, TextAlign: { TextAlign: "TextAlignment" },
   ReadTextOptions: { ReadTextOptions: "ReadTextOption" }, Interpolation: { Interpolation: "InterpolationAlgorithm" } };

/** Text of a system header; throws what PixInsight would. */
export function systemHeader( name, tables )
{
   const file = name.replace( /^pjsr\//, "" );
   if ( file in NATIVE_NOW )
      throw new SyntaxError( `Identifier '${NATIVE_NOW[file]}' has already been declared` );
   const base = file.replace( /\.jsh$/, "" );
   if ( !CONSTANTS.includes( base ) )
      throw new Error( `#include <${name}>: this header is not emulated` );
   const lines = [];
   for ( const [ prefix, table ] of Object.entries( TABLES[base] ?? { [base]: base } ) )
      for ( const [ key, value ] of Object.entries( tables[table] ?? {} ) )
         lines.push( `#define ${prefix}_${key} ${value}` );
   return lines.join( "\n" );
}
