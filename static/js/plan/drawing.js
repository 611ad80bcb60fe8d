// The editor's drawing: one group a stand, kept by its key so that the focus stays; handles, guides.
import { makeSvg } from "../page/elements.js";

const HANDLES = [[-1, -1], [0, -1], [1, -1], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0]];

/**
 * @param {"rect" | "g" | "text" | "tspan" | "line" | "path" | "pattern" | "defs"} name
 * @param {Record<string, unknown>} [attributes]
 * @param {Element | null} [parent]
 */
function make(name, attributes = {}, parent = null) {
  const node = makeSvg(name, attributes);
  if (parent) parent.append(node);
  return node;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

export class Drawing {
  constructor(svg, hall, words) {
    this.svg = svg;
    this.hall = hall;
    this.words = words;
    this.nodes = new Map();
    this.drawn = new Map();
    svg.replaceChildren();
    svg.setAttribute("role", "application");
    this.pattern();
    make("rect", { class: "plan__hall", width: hall.width, height: hall.depth }, svg);
    make("rect", { class: "plan__grid", width: hall.width, height: hall.depth, fill: "url(#plan-grid)" }, svg);
    this.around = make("g", { class: "plan__around" }, svg);
    this.stands = make("g", {}, svg);
    this.guides = make("g", { class: "plan__guides" }, svg);
    this.handles = make("g", { class: "plan__handles" }, svg);
  }

  // A line each metre.
  pattern() {
    const pattern = make("pattern", { id: "plan-grid", width: 1, height: 1, patternUnits: "userSpaceOnUse" },
      make("defs", {}, this.svg));
    make("path", { d: "M1 0H0V1", class: "plan__grid-line" }, pattern);
  }

  update(stands, chosen, wrong) {
    const present = new Set(stands.map((one) => one.key));
    for (const [key, node] of this.nodes) {
      if (present.has(key)) continue;
      node.remove();
      this.nodes.delete(key);
      this.drawn.delete(key);
    }
    const entry = stands.find((one) => chosen.has(one.key)) || stands[0];
    for (const one of stands) {
      const node = this.nodes.get(one.key) || this.create(one.key);
      set(node, { tabindex: one === entry ? 0 : -1, "aria-pressed": chosen.has(one.key) });
      node.classList.toggle("is-chosen", chosen.has(one.key));
      node.classList.toggle("is-wrong", wrong.has(one.key));
      // Its words hold all that is drawn of it: a gesture on one stand draws that one again.
      const words = this.words.label(one);
      if (this.drawn.get(one.key) !== words) this.place(node, one, words);
    }
    const only = chosen.size === 1 ? stands.find((one) => chosen.has(one.key)) : null;
    this.frame(only);
  }

  place(node, one, words) {
    this.drawn.set(one.key, words);
    const who = this.words.who(one);
    set(node, { transform: `translate(${one.x} ${one.y})`, "aria-label": words });
    const [box, number, name] = node.children;
    set(box, { width: one.width, height: one.depth });
    box.classList.toggle("plan__stand--free", !who);
    const size = Math.min(1.8, one.depth * 0.34, one.width / (Math.max(one.number.length, 2) * 0.62));
    set(number, { x: one.width / 2, y: one.depth / 2 + size * (who ? 0.05 : 0.35), "font-size": size });
    number.textContent = one.number;
    this.write(name, who, one);
  }

  create(key) {
    const node = make("g", { class: "plan__place", role: "button" }, this.stands);
    node.dataset.key = key;
    make("rect", { class: "plan__stand" }, node);
    make("text", { class: "plan__label" }, node);
    // Apart in the words that a screen reader compares with the label.
    node.append(" ");
    make("text", { class: "plan__label plan__label--more" }, node);
    this.nodes.set(key, node);
    return node;
  }

  // A name on one line, or on two that break at the space nearest to its middle.
  write(name, who, one) {
    const middle = who.length / 2;
    const spaces = [...who.matchAll(/ /g)].map((space) => space.index);
    const cut = spaces.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
    const lines = who.length > 9 && cut ? [who.slice(0, cut), who.slice(cut + 1)] : [who];
    const longest = Math.max(...lines.map((line) => line.length), 1);
    const size = Math.min(0.9, one.depth * 0.16, one.width * 1.6 / longest);
    name.replaceChildren();
    name.setAttribute("font-size", size);
    lines.forEach((line, place) => {
      make("tspan", { x: one.width / 2, y: one.depth / 2 + size * (1.35 + place * 1.1) }, name).textContent = line;
      // Of no width: it would push the line aside.
      make("tspan", { "font-size": 0 }, name).textContent = " ";
    });
  }

  // The handles of the only stand chosen, and the aisle that must stay free around it.
  frame(one) {
    this.handles.replaceChildren();
    this.around.replaceChildren();
    if (!one) return;
    const { aisle } = this.hall;
    make("rect", { x: one.x - aisle, y: one.y - aisle, width: one.width + 2 * aisle, height: one.depth + 2 * aisle, rx: aisle / 2 }, this.around);
    const scale = this.svg.viewBox.baseVal.width / (this.svg.clientWidth || 1);
    const size = Math.min(11 * scale, one.width / 3, one.depth / 3);
    for (const [across, down] of HANDLES) {
      const x = one.x + one.width * (across + 1) / 2, y = one.y + one.depth * (down + 1) / 2;
      const handle = make("rect", { x: x - size / 2, y: y - size / 2, width: size, height: size }, this.handles);
      handle.dataset.across = String(across);
      handle.dataset.down = String(down);
    }
  }

  // Lines along the sides that `moved` shares with other stands.
  guide(moved, others) {
    this.guides.replaceChildren();
    const near = (a, b) => Math.abs(a - b) < 0.01;
    for (const [at, size, name] of [["x", "width", "x"], ["y", "depth", "y"]]) {
      for (const side of [moved[at], moved[at] + moved[size]]) {
        if (!others.some((one) => near(one[at], side) || near(one[at] + one[size], side))) continue;
        make("line", name === "x"
          ? { x1: side, x2: side, y1: 0, y2: this.hall.depth }
          : { x1: 0, x2: this.hall.width, y1: side, y2: side }, this.guides);
      }
    }
  }

  unguide() { this.guides.replaceChildren(); }

  focus(key) { this.nodes.get(key)?.focus({ preventScroll: true }); }
}
