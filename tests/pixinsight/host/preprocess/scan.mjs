// A JavaScript text cut into code, strings and comments, the way PixInsight's preprocessor sees it.

const BEFORE_REGEXP = /(^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|do|else|void|delete))\s*$/;

/**
 * Blanks block comments (newlines stay) and reports where code stands.
 *
 * A slash-star opens a comment anywhere outside a string, also inside a line comment or a regular expression: that is the
 * trap. A comment that is never closed loses the whole file.
 *
 * @returns { text, code }: the text without block comments and, for each character, 1 where macros are replaced.
 */
export function stripComments( source, { commentsInStrings = false } = {} )
{
   const chars = source.split( "" );
   const code = new Uint8Array( chars.length );
   let i = 0;

   const blank = ( from, to ) =>
   {
      for ( let k = from; k < to; ++k )
         if ( chars[k] != "\n" && chars[k] != "\r" )
            chars[k] = " ";
   };
   /** Skips one character, or the comment that opens here; false if that is never closed. */
   const advance = () =>
   {
      if ( source.startsWith( "/*", i ) )
      {
         const end = source.indexOf( "*/", i + 2 );
         if ( end < 0 )
            return false;
         blank( i, end + 2 );
         i = end + 2;
      }
      else
         ++i;
      return true;
   };

   while ( i < source.length )
   {
      const c = source[i];
      if ( source.startsWith( "//", i ) )
      {
         while ( i < source.length && source[i] != "\n" )
            if ( !advance() )
               return nothing( source );
      }
      else if ( source.startsWith( "/*", i ) )
      {
         if ( !advance() )
            return nothing( source );
      }
      else if ( c == '"' || c == "'" || c == "`" || c == "/" && startsRegExp( source, i ) )
      {
         const inRegExp = c == "/";
         let inClass = false;
         for ( ++i; i < source.length && (source[i] != c || inClass); )
         {
            if ( source[i] == "\n" && c != "`" )
               break;
            if ( inRegExp && (source[i] == "[" || source[i] == "]") )
               inClass = source[i] == "[";
            if ( source[i] == "\\" )
               i += 2;
            else if ( !inRegExp && !commentsInStrings )
               ++i;
            else if ( !advance() )
               return nothing( source );
         }
         ++i;
      }
      else
         code[i++] = 1;
   }
   return { text: chars.join( "" ), code };
}

function nothing( source )
{
   const text = source.replace( /[^\n]/g, "" );
   return { text, code: new Uint8Array( text.length ) };
}

function startsRegExp( source, at )
{
   return BEFORE_REGEXP.test( source.slice( Math.max( 0, at - 40 ), at ) );
}
