// The elements of a page: found, made and filled.
const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

export function makeSvg(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// `address`: of a drawing in the sheet of icons.
export function icon(address) {
  const svg = makeSvg("svg", { class: "icon", "aria-hidden": "true", focusable: "false" });
  svg.append(makeSvg("use", { href: address }));
  return svg;
}

// A live region speaks when its words change: the same words are not written again.
export function setText(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}

// An element without words is hidden.
export function fill(element, words) {
  element.textContent = words;
  element.hidden = !words;
}

export const parse = (text) => new DOMParser().parseFromString(text, "text/html");

// A button copies the field beside its box, and says so.
export function offerCopy(box) {
  if (!navigator.clipboard) return;
  const field = box.parentElement.querySelector("input, textarea");
  box.hidden = false;
  box.querySelector("button").addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    box.querySelector("[role=status]").textContent = box.dataset.copy || "Lien copié.";
  });
}
