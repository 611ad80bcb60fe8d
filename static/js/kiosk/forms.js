// The kiosk's forms: what is wrong is said under each field, and the first one takes the focus.
import { dataOf, partOf, partsOf } from "../page/elements.js";
import { announce } from "./screens.js";

const IN_WORDS = ["other", "other_elected"];

/**
 * @param {HTMLFormElement} form
 * @returns {Record<string, string>}
 */
export function valuesOf(form) {
  return Object.fromEntries(/** @type {any} */ (new FormData(form)));
}

// « Autre » asks for words: their field is there only then; what it holds is printed.
export function followFunction(body) {
  const choice = partOf(body, "[name=function]", HTMLSelectElement);
  const words = partOf(body, "[data-field=function_other]");
  const typed = partOf(words, "input", HTMLInputElement);
  const follow = () => {
    words.hidden = !IN_WORDS.includes(choice.value);
    if (words.hidden) typed.value = "";
  };
  choice.addEventListener("change", follow);
  follow();
}

// What is missing in a part of a form, by field: the sentences of its `data-required`.
export function missingIn(part) {
  /** @type {Record<string, string>} */
  const missing = {};
  for (const field of partsOf(part, "[data-required]:not([hidden])")) {
    const { field: name, required } = dataOf(field);
    const form = /** @type {HTMLFormElement} */ (field.closest("form"));
    if (!new FormData(form).getAll(name).some((value) => String(value).trim())) missing[name] = required;
  }
  return missing;
}

export function tellErrors(form, errors, message) {
  clearErrors(form);
  /** @type {HTMLInputElement | null} */
  let first = null;
  for (const field of partsOf(form, "[data-field]")) {
    const words = errors[dataOf(field).field];
    if (!words) continue;
    const wrong = partOf(field, ".kiosk-field__wrong");
    wrong.textContent = words;
    wrong.hidden = false;
    for (const input of partsOf(field, "input, select", HTMLInputElement)) {
      input.setAttribute("aria-invalid", "true");
      const hint = (input.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== wrong.id);
      input.setAttribute("aria-describedby", [wrong.id, ...hint].join(" "));
      first = first || input;
    }
  }
  // A field that has the focus already is silent: what is wrong is said with the message.
  announce(first && first === document.activeElement ? `${message} ${errors[first.name]}` : message);
  first?.focus();
}

function clearErrors(form) {
  for (const wrong of partsOf(form, ".kiosk-field__wrong")) {
    wrong.hidden = true;
    wrong.textContent = "";
  }
  for (const input of partsOf(form, "[aria-invalid]")) input.removeAttribute("aria-invalid");
}
