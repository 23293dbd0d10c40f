// The script's processes: what all have in common, and the steps of a view's history.

import { HostObject } from '../object.mjs';
import { STATE } from './view-state.mjs';

/** The state of a view given to a process; throws on anything else. */
export function targetOf(view, what) {
   const state = view?.[STATE];
   if (!state) throw new TypeError(`${what}: a View is needed`);
   state.checkUnlocked(what);
   return state;
}

/**
 * Values of a process's parameters. A parameter that was given `undefined` (a constant that does not exist) throws the bare
 * text, as PixInsight does; names the process does not know are in `stray`.
 */
export function readParameters(process, defaults) {
   const parameters = {};
   for (const [name, value] of Object.entries(defaults)) {
      if (process[name] === undefined) throw 'undefined';
      parameters[name] = typeof value === 'object' ? process[name] : value.constructor(process[name]);
   }
   const known = new Set([...Object.keys(defaults)]);
   return { parameters, stray: Object.keys(process).filter(name => !known.has(name)) };
}

export const processClass = () => class ProcessInstance extends HostObject {
   static expando = true;

   processId() { return this.constructor.name; }
   canExecuteOn(image) { return image !== null; }
   canExecuteGlobal() { return false; }
   validate() { return true; }
   assign(other) { for (const name of Object.keys(other)) this[name] = other[name]; }
   executeOn() { throw new Error(`${this.processId()}.executeOn is not known to the host emulator`); }
   executeGlobal() { throw new Error(`${this.processId()}.executeGlobal is not known to the host emulator`); }
};

/** A step of a history, of a process the emulator need not be able to execute. */
export const recordedProcessClass = (classes) => class RecordedProcess extends classes.ProcessInstance {
   #id;

   constructor({ process, parameters = {} }) {
      super();
      this.#id = process;
      Object.assign(this, parameters);
   }

   processId() { return this.#id; }
};

export const containerClass = (classes) => class ProcessContainer extends HostObject {
   #records;

   constructor(records = []) {
      super();
      this.#records = records;
   }

   get length() { return this.#records.length; }
   isEmpty() { return this.length === 0; }
   at(index) {
      const record = this.#records[index];
      if (!record) throw new RangeError(`ProcessContainer.at: ${index} is outside`);
      return new classes.RecordedProcess(record);
   }
};
