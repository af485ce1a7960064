// Elements by name; text is always text, whatever the stream says.

const SVG = "http://www.w3.org/2000/svg";

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const el = (name, attributes, ...children) => filled(document.createElement(name), attributes, children);
export const svg = (name, attributes, ...children) => filled(document.createElementNS(SVG, name), attributes, children);
export const $ = (id) => document.getElementById(id);

export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A span that says a state in a word and shows it in a shape: good, warn, bad, waiting. */
export const state = (mood, word) => el("span", { class: `state ${mood}` }, word);

const keys = new WeakMap();

/** Replaces the children of a node only if what they show has changed, told by a key; the focus stays where it was. */
export function renewed(node, key, make) {
  const text = JSON.stringify(key);
  if (keys.get(node) === text) return;
  keys.set(node, text);
  const held = node.contains(document.activeElement) && document.activeElement !== node ? document.activeElement : null;
  const place = held ? [...focusable(node)].indexOf(held) : -1;
  node.replaceChildren(...[make()].flat().filter((child) => child !== null));
  if (!held) return;
  const there = [...focusable(node)];
  (there.find((one) => named(one) === named(held)) ?? there[place] ?? there.at(-1))?.focus({ preventScroll: true });
}

const focusable = (node) => node.querySelectorAll("button, select, a, summary, [tabindex]");
const named = (node) => node.getAttribute("aria-label") ?? node.textContent;

/** A table: header cells, rows of cells; the first of each row names it. */
export function table(caption, header, rows, words = []) {
  const kind = (column) => (words.includes(column) ? "words" : null);
  return el("table", null,
    el("caption", null, caption),
    el("thead", null, el("tr", null, ...header.map((name, column) => el("th", { scope: "col", class: kind(column) }, name)))),
    el("tbody", null, ...rows.map((row) => el("tr", null, ...row.map((cell, column) =>
      column === 0 ? el("th", { scope: "row" }, cell) : el("td", { class: kind(column) }, cell))))));
}

/** A disclosure that holds the same as a chart in words; it is filled only while it is open. */
export class TableAlternative {
  constructor(name, make) {
    this.make = make;
    this.place = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name });
    this.node = el("details", { ontoggle: () => this.renew() }, el("summary", null, name), this.place);
  }

  renew() {
    if (this.node.open) this.place.replaceChildren(this.make());
  }
}
