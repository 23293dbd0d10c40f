// format(): the printf of PJSR.

const DIRECTIVE = /%([-+ 0#]*)(\d+)?(?:\.(\d+))?l?([diuxXofFeEgGsc%])/g;

/** `format( "%.3f of %d", x, n )`. Throws on a missing value and on a directive it does not know. */
export function format( pattern, ...values )
{
   let next = 0;
   const rest = pattern.replace( DIRECTIVE, "" );
   if ( rest.includes( "%" ) )
      throw new Error( `format: unknown directive in '${pattern}'` );
   return pattern.replace( DIRECTIVE, ( whole, flags, width, precision, kind ) =>
   {
      if ( kind == "%" )
         return "%";
      if ( next >= values.length )
         throw new Error( `format: too few values for '${pattern}'` );
      return pad( body( kind, values[next++], precision === undefined ? undefined : Number( precision ), flags ),
         Number( width ?? 0 ), flags );
   } );
}

function body( kind, value, precision, flags )
{
   if ( kind == "s" )
      return String( value ).slice( 0, precision );
   if ( kind == "c" )
      return typeof value == "number" ? String.fromCharCode( value ) : String( value )[0] ?? "";
   const number = Number( value );
   const sign = number < 0 || Object.is( number, -0 ) && /[feg]/i.test( kind ) ? "-"
      : flags.includes( "+" ) ? "+" : flags.includes( " " ) ? " " : "";
   const text = digits( kind, Math.abs( number ), precision );
   return sign + (kind == kind.toUpperCase() ? text.toUpperCase() : text);
}

function digits( kind, value, precision )
{
   if ( !Number.isFinite( value ) )
      return Number.isNaN( value ) ? "nan" : "inf";
   switch ( kind.toLowerCase() )
   {
   case "f": return value.toFixed( precision ?? 6 );
   case "e": return exponent( value.toExponential( precision ?? 6 ) );
   case "g": return general( value, precision ?? 6 );
   case "x": return Math.trunc( value ).toString( 16 ).padStart( precision ?? 0, "0" );
   case "o": return Math.trunc( value ).toString( 8 ).padStart( precision ?? 0, "0" );
   default: return Math.trunc( value ).toString().padStart( precision ?? 0, "0" );
   }
}

const exponent = text => text.replace( /e([-+])(\d)$/, "e$10$2" );

function general( value, precision )
{
   const p = precision || 1;
   const power = value == 0 ? 0 : Number( value.toExponential( p - 1 ).split( "e" )[1] );
   const text = power < -4 || power >= p ? value.toExponential( p - 1 ) : value.toFixed( p - 1 - power );
   return exponent( text.replace( /(\.\d*?)0+(e|$)/, "$1$2" ).replace( /\.(e|$)/, "$1" ) );
}

function pad( text, width, flags )
{
   if ( flags.includes( "-" ) )
      return text.padEnd( width );
   if ( !flags.includes( "0" ) )
      return text.padStart( width );
   const [ , sign, rest ] = text.match( /^([-+ ]?)(.*)$/s );
   return sign + rest.padStart( width - sign.length, "0" );
}
