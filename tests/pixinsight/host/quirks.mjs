// Behaviour that is unsure in the real program, or that a test wants otherwise. Each with the default.

import { IMAGING_QUIRKS } from "./imaging/quirks.mjs";

export const QUIRKS = {
   ...IMAGING_QUIRKS,
   legacyEngine: true,             // SpiderMonkey is present (false: Apple Silicon)
   engineScanBytes: 3000,          // #engine further down than this is not seen
   commentsInStrings: false,       // a slash-star inside a string literal opens a comment too
   programmaticEvents: "building", // value events from assignments: "building" (dialog not shown yet), "always", "never"
   handlerErrors: "fail",          // an error in an event handler: "fail" ends the run, "console" prints it
   transferHandlerErrors: "abort", // an error in a transfer's handler: "abort" prints it and aborts, "throw" passes it on
   missingHandler: "throw",        // download()/post() without a download handler: "throw" or "false"
   responseCodeType: "number",     // or "string"
   errorAnswers: "complete",       // post()/download() on 4xx and 5xx: "complete" = true, "failed" = false, "withheld" = false without body
   closeForgets: true,             // closeConnection() takes responseCode and errorInformation with it
   httpUpload: "refuse",           // or "put"
   chunkBytes: 16384,              // most bytes one onDownloadDataAvailable gets
   progressSeconds: 0.05,          // interval of onTransferProgress, moving or idle
   expectContinue: false,          // bodies above 1 MiB ask "Expect: 100-continue" first, unless "Expect:" is sent
   textFileEncoding: "utf8",       // of readTextFile/writeTextFile/readLines; or "latin1"
   byteArrayFromString: "latin1",  // new ByteArray( String ); or "utf8"
   standardOutput: false,          // ExternalProcess.standardOutput exists
   processNeedsEvents: true,       // isRunning changes only in processEvents() and waitFor…()
   startedChildren: "kill",        // what becomes of a start()ed child when the script ends: "kill" or "keep"
   pipeBytes: 65536,               // unread output beyond this stalls a child
   sectionBar: false,              // SectionBar, in older versions of a header, is there without one
   orphans: "throw",               // a control without a parent added to a sizer: "throw" or "adopt"
   currentDrive: "D:",             // Windows: where paths without a drive lead
   postNonAscii: "latin1",         // post() of characters above 127: one byte each, "?" above 255; or "utf8"
};

/** Defaults with overrides; an unknown name is a mistake of the test. */
export function withDefaults( overrides = {} )
{
   for ( const name of Object.keys( overrides ) )
      if ( !(name in QUIRKS) )
         throw new TypeError( `no quirk '${name}'` );
   const table = { ...QUIRKS, ...overrides };
   return name =>
   {
      if ( !(name in table) )
         throw new TypeError( `no quirk '${name}'` );
      return table[name];
   };
}
