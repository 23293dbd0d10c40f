// Words: what was thrown, what the console may print, what may travel in a request.

/** The user asked to stop. */
class Cancelled extends Error {
   constructor() {
      super("Cancelled.");
   }
}

/** A failure told in one sentence for the user; `slug` names its kind, `members` carry the rest. */
class Problem extends Error {
   constructor(sentence, slug = "", members = {}) {
      super(sentence);
      this.slug = slug;
      this.members = members;
   }
}

/** PixInsight throws plain strings as well as errors. */
function thrownText(thrown) {
   return (thrown && thrown.message) || String(thrown);
}

/** The console and rich-text labels read tags. */
function plainForConsole(text) {
   return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** JSON in pure ASCII: a request body is sent as 8-bit characters. */
function asciiJson(value) {
   return JSON.stringify(value).replace(/[\u007f-\uffff]/g,
      (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
}

/** Parses JSON; null where the text is none. */
function parsedJson(text) {
   try {
      return JSON.parse(text);
   } catch (_) {
      return null;
   }
}

/** 75400 -> "1:15". */
function elapsedText(ms) {
   const seconds = Math.floor(ms / 1000);
   return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
}

/** (1, "shadow") -> "1 shadow", (2, "shadow") -> "2 shadows". */
function counted(n, noun) {
   return n + " " + noun + (n === 1 ? "" : "s");
}

/** "C:/My scripts/a.html" -> "file:///C:/My%20scripts/a.html". */
function fileUri(path) {
   return "file://" + (path.startsWith("/") ? "" : "/") + encodeURI(path).replace(/[?#]/g, encodeURIComponent);
}
