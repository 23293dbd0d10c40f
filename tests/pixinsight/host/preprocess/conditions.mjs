// The conditional directives: #if and its relatives.

const compare = ( test ) => ( [ name, value ], macros ) => test( number( macroValue( name, macros ) ), number( value ) );
const equal = ( [ name, value ], macros ) => String( macroValue( name, macros ) ) == value;
const among = ( [ name, ...values ], macros ) => values.includes( String( macroValue( name, macros ) ) );

const TESTS = {
   "ifdef": ( [ name ], macros ) => macros.has( name ),
   "ifndef": ( [ name ], macros ) => !macros.has( name ),
   "if": ( [ name ], macros ) => number( macroValue( name, macros ) ) != 0,
   "ifeq": equal,
   "ifneq": ( words, macros ) => !equal( words, macros ),
   "iflt": compare( ( a, b ) => a < b ),
   "iflteq": compare( ( a, b ) => a <= b ),
   "ifgt": compare( ( a, b ) => a > b ),
   "ifgteq": compare( ( a, b ) => a >= b ),
   "ifoneof": among,
   "ifnoneof": ( words, macros ) => !among( words, macros ),
};

export const isCondition = directive => directive in TESTS;

/** Truth of `#directive text`. */
export function holds( directive, text, macros )
{
   const words = text.trim().split( /\s+/ );
   const needed = /^(if|ifdef|ifndef)$/.test( directive ) ? 1 : 2;
   if ( words[0] === "" || words.length < needed )
      throw new SyntaxError( `#${directive}: missing argument` );
   return TESTS[directive]( words, macros );
}

function macroValue( name, macros )
{
   return macros.has( name ) ? macros.get( name ) : name;
}

function number( text )
{
   const value = Number( text );
   if ( Number.isNaN( value ) )
      throw new SyntaxError( `preprocessor: '${text}' is not a number` );
   return value;
}
