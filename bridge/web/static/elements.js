// Building the page: every text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

export function element(name, properties = {}, ...children) {
   const made = Object.assign(document.createElement(name), properties);
   made.append(...children);
   return made;
}

export function drawn(name, attributes = {}, ...children) {
   const made = document.createElementNS(SVG, name);
   for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
   made.append(...children);
   return made;
}

export function button(text, act, properties = {}) {
   const made = element("button", { type: "button", ...properties }, text);
   made.addEventListener("click", act);
   return made;
}

// A control with its name around it; the name is what is read aloud and may be clicked.
export function labelled(text, control) {
   return element("label", {}, control, ` ${text}`);
}

export function table(heads, rows) {
   const line = (kind, cells) => element("tr", {}, ...cells.map((cell) =>
      element(kind, kind === "th" ? { scope: "col" } : {}, cell)));
   return element("div", { className: "scroll" }, element("table", {},
      element("thead", {}, line("th", heads)),
      element("tbody", {}, ...rows.map((row) => line("td", row)))));
}
