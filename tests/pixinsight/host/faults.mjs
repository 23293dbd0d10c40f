// Faults a test orders: a full disk, a locked file, a program that does not start.

const OPERATIONS = [ "read", "write", "open", "remove", "move", "createDirectory", "start", "execute" ];

export class Faults
{
   #orders = [];

   /** After the first `after` operations on a matching path, the next `times` fail. */
   add( { operation, path = /^/, message = "Input/output error", times = Infinity, after = 0 } )
   {
      if ( !OPERATIONS.includes( operation ) )
         throw new TypeError( `no such operation: ${operation}` );
      this.#orders.push( { operation, path, message, times, after } );
   }

   clear()
   {
      this.#orders = [];
   }

   /** Throws if an order covers this operation. */
   check( operation, path )
   {
      const order = this.#orders.find( o => o.operation == operation && o.times > 0 && o.path.test( path ) );
      if ( order === undefined )
         return;
      if ( order.after-- > 0 )
         return;
      --order.times;
      throw new Error( `${order.message}: ${path}` );
   }
}
