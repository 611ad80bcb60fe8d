// The kiosk's forms: what is wrong is said under each field, and the first one takes the focus.
import { announce } from "./screens.js";

const IN_WORDS = ["other", "other_elected"];

export function valuesOf(form) {
  return Object.fromEntries(new FormData(form));
}

// « Autre » asks for words: their field is there only then.
export function followFunction(body) {
  const choice = body.querySelector("[name=function]");
  const words = body.querySelector("[data-field=function_other]");
  const follow = () => { words.hidden = !IN_WORDS.includes(choice.value); };
  choice.addEventListener("change", follow);
  follow();
}

// What is missing in a part of a form, by field: the sentences of its `data-required`.
export function missingIn(part) {
  const missing = {};
  for (const field of part.querySelectorAll("[data-required]:not([hidden])")) {
    const values = new FormData(field.closest("form")).getAll(field.dataset.field);
    if (!values.some((value) => value.trim())) missing[field.dataset.field] = field.dataset.required;
  }
  return missing;
}

export function tellErrors(form, errors, message) {
  clearErrors(form);
  let first = null;
  for (const field of form.querySelectorAll("[data-field]")) {
    const words = errors[field.dataset.field];
    if (!words) continue;
    const wrong = field.querySelector(".kiosk-field__wrong");
    wrong.textContent = words;
    wrong.hidden = false;
    for (const input of field.querySelectorAll("input, select")) {
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
  for (const wrong of form.querySelectorAll(".kiosk-field__wrong")) {
    wrong.hidden = true;
    wrong.textContent = "";
  }
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}
