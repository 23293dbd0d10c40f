// Members of the emulated classes, held against what PixInsight is known to have.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { HostObject } from "../host/object.mjs";
import { stage } from "./stage.mjs";

const REFERENCE = new URL( "../../../../shared/pixinsight/api.json", import.meta.url );
const skip = existsSync( REFERENCE ) || process.env.CI ? false : "the reference of PixInsight's members is not at hand";

/** Members of V8 PixInsight that the list of 1.8.9 does not have, or classes it leaves out. */
const SINCE = {
   System: [ "msleep", "sleep", "platform", "getEnvironmentVariable" ],
   CoreApplication: [ "ensureMinimumVersion", "processEvents" ],
   File: [ "searchDirectory" ],
   CryptographicHash: [ "MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA3_256", "SHA3_512" ],
   NumericEdit: [ "real" ],
   Edit: [ "text", "readOnly", "passwordMode", "maxLength", "modified", "caretPosition", "textAlignment", "selectAll", "clear",
      "onTextUpdated", "onEditCompleted", "onReturnPressed" ],
   VerticalSlider: [],
};
/** Held against the list by a test of their own. */
const IMAGING = [ "Bitmap", "Brush", "FITSKeyword", "FileFormat", "FileFormatInstance", "Graphics", "Image", "ImageDescription",
   "ImageWindow", "Matrix", "Pen", "PixelMath", "Point", "ProcessInstance", "Rect", "ScreenTransferFunction", "Vector", "View" ];
const COMMON = new Set( [ "constructor", "prototype", "name", "length", "toString", "expando" ] );

/** Members of a class and its parents, by the reference. */
function known( api, Class )
{
   const names = new Set();
   for ( let C = Class; C !== HostObject && C !== Function.prototype; C = Object.getPrototypeOf( C ) )
      for ( const part of [ SINCE[C.name] ?? [], ...Object.values( api[C.name] ?? {} ) ] )
         if ( typeof part == "object" )
            for ( const member of Array.isArray( part ) ? part : Object.keys( part ) )
               names.add( member );
   return names;
}

test( "the runtime's and the widgets' classes have no member PixInsight does not have", { skip }, () =>
{
   const api = JSON.parse( readFileSync( REFERENCE, "utf8" ) ).classes;
   const { host } = stage();
   const strangers = [];
   let checked = 0;
   for ( const [ name, Class ] of Object.entries( host.globals ) )
   {
      if ( typeof Class != "function" || Object.isFrozen( Class ) || !(name in api) && !(name in SINCE) || IMAGING.includes( name ) )
         continue;
      const names = known( api, Class );
      for ( const owner of [ Class, Class.prototype ] )
         for ( let o = owner; ![ null, Function.prototype, Object.prototype, HostObject, HostObject.prototype ].includes( o ); o = Object.getPrototypeOf( o ) )
            for ( const member of Object.getOwnPropertyNames( o ) )
            {
               ++checked;
               if ( !names.has( member ) && !COMMON.has( member ) )
                  strangers.push( `${name}.${member}` );
            }
   }
   assert.deepEqual( strangers, [] );
   assert.ok( checked > 1000 );
} );

test( "every class of the list is there, or is known to be left out", { skip }, () =>
{
   const leftOut = [ "HistogramTransformation", "ImageCalibration", "WebView", "Security", "SectionBar" ];
   const api = JSON.parse( readFileSync( REFERENCE, "utf8" ) ).classes;
   const { host } = stage();
   const missing = Object.keys( api ).filter( name => !(name in host.globals) );
   assert.deepEqual( missing.filter( name => !leftOut.includes( name ) ), [] );
} );
