// What every scenario shares: images from the test in, the shipped script run, pixels and words back out.
//
// Called as `node scenario.mjs input.json`; writes `output.json` and raw planes into the same folder.

import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHost } from "../host/host.mjs";

// Another copy of the script may be named: one with a mistake, which a test must notice.
const SCRIPTS = process.env.SCRIPT_UNDER_TEST || fileURLToPath(new URL("../../../pjsr/", import.meta.url));
const ARRAYS = { float32: Float32Array, uint16: Uint16Array };

export class Stage {
   constructor(folder, input) {
      this.folder = folder;
      this.input = input;
      this.kept = {};
      const environment = { PATH: process.env.PATH, FLATBRIDGE_HOME: input.state, ...(input.host || {}).environment };
      if (input.stateInHome) {
         delete environment.FLATBRIDGE_HOME;
         cpSync(join(input.state, "server.json"), join(folder, "home", ".flatbridge", "server.json"));
      }
      this.host = createHost({ home: join(folder, "home"), seconds: 90, ...input.host, environment });
   }

   /** Opens an image of the test as the user would; `more` goes to the window. */
   open(name, id = name, more = {}) {
      const { shape: [channels, height, width], dtype } = this.input.images[name];
      const bytes = readFileSync(join(this.folder, name + ".raw"));
      const samples = new ARRAYS[dtype](bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
      const integer = dtype === "uint16";
      return this.host.newWindow({
         id, width, height, channels, color: channels === 3, samples, native: integer,
         bitsPerSample: integer ? 16 : 32, float: !integer, ...more
      });
   }

   /** Hands the pixels of a view to the test under `name`. */
   keep(id, name = id) {
      const window = this.host.windowById(id);
      const channels = window.mainView.image.numberOfNominalChannels;
      const planes = Array.from({ length: channels }, (_, c) => this.host.samples(id, c));
      const { width, height, native } = planes[0];
      const dtype = Object.keys(ARRAYS).find((key) => native.constructor.name === ARRAYS[key].name);
      writeFileSync(join(this.folder, name + ".out"),
         Buffer.concat(planes.map((plane) => Buffer.from(plane.native.buffer, plane.native.byteOffset, plane.native.byteLength))));
      this.kept[name] = { shape: [channels, height, width], dtype };
   }

   run(options = {}, script = "FlatBridge.js") {
      const { changed, beside } = this.input;
      return this.host.run(join(changed ? this.changed(changed) : beside ? this.copied(beside) : SCRIPTS, script), options);
   }

   /** A copy of the script with a file beside it. */
   copied(file) {
      const copy = join(this.folder, "beside");
      cpSync(SCRIPTS, copy, { recursive: true });
      cpSync(file, join(copy, basename(file)));
      return copy;
   }

   /** A copy of the script with a text changed in one file: what a test must notice. */
   changed({ file, from, to }) {
      const copy = join(this.folder, "changed");
      cpSync(SCRIPTS, copy, { recursive: true });
      const text = readFileSync(join(copy, file), "utf8");
      if (!text.includes(from))
         throw new Error(`${file} does not hold ${from}`);
      writeFileSync(join(copy, file), text.replace(from, to));
      return copy;
   }

   /** What the pixels of each dust factor that is open are to be multiplied by. */
   scales() {
      const scaled = this.ids().filter((id) => "FBSCALE" in this.keywords(id));
      return Object.fromEntries(scaled.map((id) => [id, Number(this.keywords(id).FBSCALE)]));
   }

   ids() {
      return this.host.windows().map((window) => window.mainView.id);
   }

   keywords(id) {
      return Object.fromEntries(this.host.windowById(id).keywords.map((k) => [k.name, k.value]));
   }

   /** What a script must not leave behind: temporary files, unfreed images, locked views. */
   leftovers() {
      const files = readdirSync(join(this.folder, "home"), { recursive: true }).filter((name) => /flatbridge_.*fits/.test(name));
      const locked = this.ids().filter((id) => this.host.isLocked(id));
      return { files, images: this.host.openCount(), locked };
   }
}

/** Plays a scenario: `story(stage)` returns what the test wants to know. */
export function play(story) {
   const path = process.argv[2];
   const stage = new Stage(dirname(path), JSON.parse(readFileSync(path, "utf8")));
   try {
      const told = story(stage) || {};
      const output = { ...told, console: stage.host.consoleText, ids: stage.ids(), kept: stage.kept, scales: stage.scales(), detached: stage.host.detached.size, leftovers: stage.leftovers() };
      writeFileSync(join(stage.folder, "output.json"), JSON.stringify(output));
   } finally {
      stage.host.close();
   }
}

/** What of a dialog lies nowhere or is cut off. */
export function layoutFaults(host, dialog) {
   const faults = [];
   const walk = ({ type, text, shown, unplaced, clipped, children }) => {
      if (!shown)
         return;
      if (unplaced || clipped)
         faults.push(`${type} ${text}`);
      children.forEach(walk);
   };
   walk(host.describe(dialog));
   return faults;
}

/** Presses a button and waits until its work is done; returns the texts then shown. */
export function* press(ui, button) {
   yield ui.click(button);
   yield* idle(ui, button);
   return ui.texts();
}

/** Waits until the dialog takes orders again. */
export function* idle(ui, after = "the work") {
   yield ui.until(() => ui.enabled("Close"), { what: `the end of ${after}`, seconds: 60 });
}

export function* close(ui) {
   yield ui.click("Close");
}
