// The script's View.

import { HostObject } from '../object.mjs';
import { isValidId } from './desktop.mjs';
import { averageDeviation, madOf, medianOf, moments } from './statistics.mjs';
import { STATE, ViewState } from './view-state.mjs';

const MEASURES = {
   Mean: values => moments(values).mean, Minimum: values => moments(values).minimum, Maximum: values => moments(values).maximum,
   StdDev: values => Math.sqrt(moments(values).variance), Median: values => medianOf(values),
   MAD: values => madOf(values, medianOf(values.slice())), AvgDev: values => averageDeviation(values, medianOf(values.slice()))
};

const PROPERTY_ID = /^[A-Za-z_]\w*(:[A-Za-z_]\w*)*$/;

export function viewClass(host, classes, state) {
   const { desktop } = state;
   return class View extends HostObject {
      #state;

      constructor(source) {
         super();
         this.#state = source instanceof ViewState ? source : source?.[STATE] ?? desktop.viewById(source) ?? null;
      }

      static viewById(id) {
         const found = desktop.viewById(id);
         return found ? state.wrapView(found) : null;
      }

      get [STATE]() { return this.#state; }

      get #live() {
         if (this.isNull) throw new Error('View: the view does not exist');
         return this.#state;
      }

      get isNull() { return this.#state === null || this.#state.isClosed; }
      get isView() { return !this.isNull; }
      get isMainView() { return !this.isNull && !this.#state.isPreview; }
      get isPreview() { return !this.isNull && this.#state.isPreview; }
      get isVirtual() { return false; }
      get image() { return this.isNull ? null : new classes.Image(this.#state.content); }
      get window() { return this.isNull ? null : state.wrapWindow(this.#state.window); }
      get fullId() { return this.#live.fullId; }
      get uniqueId() { return this.#live.uniqueId; }
      get id() { return this.#live.id; }
      set id(id) {
         if (!isValidId(id)) throw new Error(`View.id: invalid identifier: ${id}`);
         const view = this.#live;
         if (view.id !== id) view.id = view.isPreview ? id : desktop.freeId(id);
      }

      get stf() { return this.#live.stf.map(row => [...row]); }
      set stf(rows) {
         if (!Array.isArray(rows) || rows.length !== 4 || rows.some(row => row.length !== 5))
            throw new TypeError('View.stf: four rows of five numbers are needed: [m, c0, c1, r0, r1]');
         this.#live.stf = rows.map(row => Array.from(row, Number));
      }

      beginProcess(flags = 0) { this.#live.begin(flags); }
      endProcess() {
         const { path = '', md5 = '' } = host.script ?? {};
         this.#live.end({ process: 'Script', parameters: { filePath: host.paths?.shown(path) ?? path, md5 } });
      }
      cancelProcess() { this.#live.cancel(); }

      get canGoBackward() { return this.#live.canUndo; }
      get canGoForward() { return this.#live.canRedo; }
      get historyIndex() { return this.#live.historyIndex; }
      get initialProcessing() { return new classes.ProcessContainer(this.#live.initial); }
      get processing() { return new classes.ProcessContainer(this.#live.history.slice(this.#live.initial.length)); }

      get properties() { return [...this.#live.properties.keys()]; }
      hasProperty(id) { return this.#live.properties.has(id); }
      propertyValue(id) { return this.#live.properties.get(id)?.value; }
      propertyType(id) { return this.#live.properties.get(id)?.type; }
      propertyAttributes(id) { return this.#live.properties.get(id)?.attributes; }
      deleteProperty(id) { return this.#live.properties.delete(id); }
      setPropertyValue(id, value, type = 0, attributes = 0) {
         if (!PROPERTY_ID.test(id)) throw new Error(`View.setPropertyValue: invalid identifier: ${id}`);
         if (!['string', 'number', 'boolean'].includes(typeof value) && !(value instanceof classes.Vector))
            throw new TypeError('View.setPropertyValue: this type of value is not known to the host emulator');
         this.#live.properties.set(id, { value, type, attributes });
         return true;
      }
      setPropertyAttributes(id, attributes) {
         const property = this.#live.properties.get(id);
         if (property) property.attributes = attributes;
         return property !== undefined;
      }

      computeProperty(id) {
         const measure = MEASURES[id];
         if (!measure) throw new Error(`View.computeProperty: ${id} is not known to the host emulator`);
         const { raster, properties } = this.#live;
         const value = new classes.Vector(raster.planes.map(plane =>
            measure(plane.slice()) / raster.format.max));
         properties.set(id, { value, type: 0, attributes: 0, computed: true });
         return value;
      }
      computeOrFetchProperty(id) { return this.#live.properties.get(id)?.value ?? this.computeProperty(id); }
   };
}
