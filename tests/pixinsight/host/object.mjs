// The guard every host object wears: members the emulator does not know throw instead of being undefined.

import { Realm } from "./realm.mjs";

const hostClasses = new WeakSet();
const TOLERATED = new Set( [ "toJSON", "then" ] ); // asked for by the language itself
const SEALED_HANDLER = /^on[A-Z]/;

/** Base of all emulated classes; its constructor returns a guarded object, so `this` is guarded everywhere. */
export class HostObject
{
   /** true: takes unknown members silently; "set": takes them, unless they look like handlers. */
   static expando = false;

   constructor()
   {
      return guard( this, new.target );
   }
}

/** Names a script gives to fields of its own anywhere in its source; reading one before it is set is no slip. */
export const ownNames = new Set;

/** An error of the script's own realm: the guard is met before any wrapper that would hand it over. */
const slip = message => Realm.current.error( new TypeError( message ) );
const unknown = ( owner, key ) => slip( `${owner} has no member '${key}'` );

function guard( object, newTarget )
{
   const isUserClass = !hostClasses.has( newTarget );
   const name = newTarget.name;
   const { expando } = newTarget;

   const mayRead = key => isUserClass ? ownNames.has( key ) : expando === true;
   const mayAdd = key => isUserClass || expando === true || (expando === "set" && !SEALED_HANDLER.test( key ));

   const proxy = new Proxy( object, {
      get( target, key, receiver )
      {
         // Looked up through a plain object that has this one as its prototype: the old inheritance gives nothing.
         if ( receiver !== proxy && !(key in Object.prototype) )
            return undefined;
         if ( typeof key == "symbol" || key in target )
            return Reflect.get( target, key, receiver );
         if ( TOLERATED.has( key ) || mayRead( key ) )
            return undefined;
         throw unknown( name, key );
      },
      set( target, key, value, receiver )
      {
         if ( receiver !== proxy )
            return Reflect.defineProperty( receiver, key, { value, writable: true, enumerable: true, configurable: true } );
         if ( typeof key == "symbol" )
            return Reflect.set( target, key, value, receiver );
         const descriptor = findDescriptor( target, key );
         if ( descriptor === undefined )
         {
            if ( !mayAdd( key ) )
               throw unknown( name, key );
         }
         else if ( descriptor.get && !descriptor.set )
            throw slip( `${name}.${key} is read-only` );
         else if ( typeof descriptor.value == "function" && !isUserClass && !Object.hasOwn( target, key ) )
            throw slip( `${name}.${key} is a method and cannot be replaced` );
         return Reflect.set( target, key, value, receiver );
      },
   } );
   return proxy;
}

export function findDescriptor( object, key )
{
   for ( let o = object; o !== null; o = Object.getPrototypeOf( o ) )
   {
      const descriptor = Object.getOwnPropertyDescriptor( o, key );
      if ( descriptor )
         return descriptor;
   }
   return undefined;
}

/** The name of the emulator's own class that an object is of, whatever a script derived from it. */
export function hostClassName( object )
{
   for ( let o = object; o !== null; o = Object.getPrototypeOf( o ) )
      if ( Object.hasOwn( o, "constructor" ) && hostClasses.has( o.constructor ) )
         return o.constructor.name;
   return object.constructor.name;
}

/** Registers a class of the emulator's own that scripts never see by name. */
export function internal( Class )
{
   hostClasses.add( Class );
   return Class;
}

const exposed = new WeakSet(); // classes wrapped already: parents are shared

/**
 * The class as a script sees it: unknown statics throw, a call without `new` gives nothing (so `__base__`
 * inheritance fails as silently as in PixInsight), results and errors cross into the script's realm.
 */
export function expose( Class, realm )
{
   for ( let C = Class; C !== HostObject && C !== Function.prototype && !exposed.has( C ); C = Object.getPrototypeOf( C ) )
   {
      exposed.add( C );
      if ( C.prototype )
         wrapMembers( C.prototype, realm );
      wrapMembers( C, realm );
   }
   const proxy = new Proxy( Class, {
      apply() {},
      construct( target, args, newTarget )
      {
         try
         {
            return Reflect.construct( target, args, newTarget );
         }
         catch ( error )
         {
            throw realm.error( error );
         }
      },
      get( target, key, receiver )
      {
         if ( typeof key == "symbol" || key in target )
            return Reflect.get( target, key, receiver );
         if ( receiver !== proxy || TOLERATED.has( key ) )
            return undefined;
         throw realm.error( unknown( target.name, key ) );
      },
      set( target, key, value, receiver )
      {
         if ( receiver !== proxy )
            return Reflect.set( target, key, value, receiver );
         const descriptor = findDescriptor( target, key );
         if ( !descriptor?.set )
            throw realm.error( descriptor ? new TypeError( `${target.name}.${String( key )} cannot be assigned` )
                                          : unknown( target.name, String( key ) ) );
         return Reflect.set( target, key, value, receiver );
      },
   } );
   hostClasses.add( Class );
   hostClasses.add( proxy );
   return proxy;
}

const UNTOUCHED = new Set( [ "constructor", "prototype", "name", "length" ] );

function wrapMembers( owner, realm )
{
   for ( const key of Object.getOwnPropertyNames( owner ) )
   {
      const descriptor = Object.getOwnPropertyDescriptor( owner, key );
      if ( UNTOUCHED.has( key ) || !descriptor.configurable )
         continue;
      for ( const part of [ "value", "get", "set" ] )
         if ( typeof descriptor[part] == "function" && !hostClasses.has( descriptor[part] ) )
            descriptor[part] = crossing( descriptor[part], realm );
      Object.defineProperty( owner, key, descriptor );
   }
}

/** The function with its result and its error handed over as values of the script's realm. */
export function crossing( inner, realm )
{
   return function( ...args )
   {
      try
      {
         return realm.value( inner.apply( this, args ) );
      }
      catch ( error )
      {
         throw realm.error( error );
      }
   };
}

/** A frozen class of constants, as V8 PixInsight has them; an unknown constant throws. */
export function constants( name, table )
{
   const holder = { [name]: class {} }[name];
   for ( const [ key, value ] of Object.entries( table ) )
      Object.defineProperty( holder, key, { value, enumerable: true } );
   return Object.freeze( holder );
}
