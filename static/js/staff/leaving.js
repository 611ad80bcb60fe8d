// A form that was begun is not lost by a click elsewhere: the browser asks before its page is left.
import { findPart, partsOf } from "../page/elements.js";

const forms = partsOf(document, 'main form[method="post"]', HTMLFormElement);
/** @type {Map<HTMLFormElement, string>} */
const shown = new Map();
/** @type {Set<HTMLFormElement>} */
const touched = new Set();
/** @type {HTMLFormElement | null} */
let sent = null;

/** @param {HTMLFormElement} form */
function contentOf(form) {
  const parts = [...new FormData(form)];
  return JSON.stringify(parts.map(([name, value]) => [name, value instanceof File ? value.name : value]));
}

/** What a page gives back, refused or as a preview, is not saved yet. */
function isGivenBack(form) {
  return findPart(document, "main .error-summary, main .preview") !== null && findPart(form, ".field, [aria-invalid]") !== null;
}

// Scripts of the page have filled their fields once it is loaded.
addEventListener("load", () => forms.forEach((form) => shown.set(form, isGivenBack(form) ? "" : contentOf(form))));
document.addEventListener("input", (event) => {
  const form = /** @type {HTMLElement} */ (event.target).closest("form");
  if (form) touched.add(form);
});
addEventListener("submit", (event) => {
  if (!event.defaultPrevented) sent = /** @type {HTMLFormElement} */ (event.target);
});
addEventListener("beforeunload", (event) => {
  const isLost = (form) => form !== sent && form.isConnected && (touched.has(form) || shown.get(form) === "") && contentOf(form) !== shown.get(form);
  if (forms.some(isLost)) event.preventDefault();
  sent = null;
});
