// CryptographicHash.

import { createHash } from "node:crypto";
import { HostObject } from "../object.mjs";
import { bytesOf } from "../files/bytes.mjs";

const ALGORITHMS = { MD5: 5, SHA1: 1, SHA224: 224, SHA256: 256, SHA384: 384, SHA512: 512, SHA3_256: 3256, SHA3_512: 3512 };

export function install( host )
{
   class CryptographicHash extends HostObject
   {
      #name;
      #state;

      constructor( algorithm )
      {
         super();
         this.#name = Object.keys( ALGORITHMS ).find( key => ALGORITHMS[key] === algorithm );
         if ( this.#name === undefined )
            throw new Error( "CryptographicHash: unknown algorithm" );
         this.initialize();
      }

      get algorithmName() { return this.#name; }
      get hashLength() { return createHash( this.#node() ).digest().length; }
      #node() { return this.#name.toLowerCase().replace( "_", "-" ); }
      initialize() { this.#state = createHash( this.#node() ); }
      update( data ) { this.#state.update( bytesOf( data ) ); }
      finalize() { return host.bytes( this.#state.digest() ); }
      hash( data )
      {
         this.initialize();
         this.update( data );
         return this.finalize();
      }
   }
   for ( const [ name, value ] of Object.entries( ALGORITHMS ) )
      Object.defineProperty( CryptographicHash, name, { value, enumerable: true } );
   return { CryptographicHash };
}
