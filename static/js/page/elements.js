// The elements of a page: found, made and filled.
const SVG = "http://www.w3.org/2000/svg";

/** @template T @typedef {{ new (): T }} Kind An interface of the page, such as HTMLInputElement. */

// `kind` says what the template makes of it, to whoever reads this and to the checker of types.
/**
 * The element with this id, which the page always has.
 * @template {Element} [T=HTMLElement]
 * @param {string} id
 * @param {Kind<T>} [_kind]
 */
export const byId = (id, _kind) => /** @type {T} */ (/** @type {unknown} */ (document.getElementById(id)));

/**
 * The element with this id, or null.
 * @template {Element} [T=HTMLElement]
 * @param {string} id
 * @param {Kind<T>} [_kind]
 */
export const findById = (id, _kind) => /** @type {T | null} */ (/** @type {unknown} */ (document.getElementById(id)));

/**
 * The first element inside `root` that the selector names, which the page always has.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {Kind<T>} [_kind]
 */
export const partOf = (root, selector, _kind) => /** @type {T} */ (root.querySelector(selector));

/**
 * The first element inside `root` that the selector names, or null.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {Kind<T>} [_kind]
 */
export const findPart = (root, selector, _kind) => /** @type {T | null} */ (root.querySelector(selector));

/**
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {Kind<T>} [_kind]
 */
export const partsOf = (root, selector, _kind) => /** @type {T[]} */ ([...root.querySelectorAll(selector)]);

/**
 * The element that the selector names and that holds `target` (of an event), or null.
 * @template {Element} [T=HTMLElement]
 * @param {EventTarget | null} target
 * @param {string} selector
 * @param {Kind<T>} [_kind]
 */
export const closestTo = (target, selector, _kind) => /** @type {T | null} */ (/** @type {Element | null} */ (target)?.closest(selector) ?? null);

/**
 * What the template writes in the `data-…` of an element, which it always writes.
 * @param {HTMLElement | SVGElement} element
 */
export const dataOf = (element) => /** @type {Record<string, string>} */ (element.dataset);

/**
 * A field of a form.
 * @template {Element} [T=HTMLInputElement]
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {Kind<T>} [_kind]
 */
export const fieldOf = (form, name, _kind) => /** @type {T} */ (form.elements.namedItem(name));

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} attributes
 */
export function makeSvg(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
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
  const field = partOf(box.parentElement, "input, textarea", HTMLInputElement);
  box.hidden = false;
  partOf(box, "button").addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    partOf(box, "[role=status]").textContent = box.dataset.copy || "Lien copié.";
  });
}
