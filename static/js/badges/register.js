// Commune field: search as you type over the page's own list, blind to accents, hyphens and « St ».
// Without this script the same input works with the browser's datalist.

import { findById, findPart, partOf, partsOf } from "../page/elements.js";
import { folded } from "../page/french.js";

const ARTICLES = new Set(["le", "la", "les", "l", "de", "du", "des", "d", "et"]);
const MOST = 8;

function wordsOf(text) {
  return folded(text)
    .split(" ")
    .filter(Boolean)
    .map((word) => (word === "st" ? "saint" : word === "ste" ? "sainte" : word));
}

function finder(names) {
  const known = names.map((name) => ({ name, words: wordsOf(name) }));
  return (query) => {
    const all = wordsOf(query);
    const wanted = all.filter((word) => !ARTICLES.has(word));
    const asked = wanted.length ? wanted : all;
    const key = all.join(" ");
    return known
      .filter(({ words }) => asked.every((part) => words.some((word) => word.startsWith(part))))
      .sort((a, b) => {
        const first = a.words.join(" ").startsWith(key) ? 0 : 1;
        const second = b.words.join(" ").startsWith(key) ? 0 : 1;
        return first - second || a.name.length - b.name.length;
      })
      .slice(0, MOST)
      .map(({ name }) => name);
  };
}

// The autocomplete writes its own instructions over the field's hint and message, and takes them away
// once something is typed: the hint and the message stay.
function keepDescription(input, ids) {
  const describe = () => {
    const now = input.getAttribute("aria-describedby") || "";
    if (!now.startsWith(ids)) input.setAttribute("aria-describedby", `${ids} ${now}`.trim());
  };
  new MutationObserver(describe).observe(input, { attributeFilter: ["aria-describedby"] });
  describe();
}

function searchAsYouType(input) {
  const list = findById(input.getAttribute("list") ?? "", HTMLDataListElement);
  if (!list || !window.accessibleAutocomplete) return;
  const find = finder([...list.options].map((option) => option.value));
  const describedBy = input.getAttribute("aria-describedby");
  const place = document.createElement("div");
  input.replaceWith(place);
  list.remove();
  window.accessibleAutocomplete({
    element: place,
    id: input.id,
    name: input.name,
    defaultValue: input.value,
    source: (query, show) => show(find(query)),
    minLength: 2,
    confirmOnBlur: false,
    displayMenu: "overlay",
    inputClasses: "form-control",
    showNoOptionsFound: true,
    tNoResults: () => "Aucune commune de ce nom",
    tStatusQueryTooShort: (least) => `Tapez au moins ${least} caractères`,
    tStatusNoResults: () => "Aucune commune de ce nom",
    tStatusSelectedOption: (name, count, index) => `${name}, ${index + 1} sur ${count}, choisi`,
    tStatusResults: (count, chosen) =>
      `${count} ${count > 1 ? "communes proposées" : "commune proposée"}. ${chosen}`,
    tAssistiveHint: () =>
      "Des communes sont proposées pendant la saisie\u00a0: flèches haut et bas pour les parcourir, " +
      "Entrée pour choisir.",
  });
  const typed = partOf(place, "input", HTMLInputElement);
  typed.maxLength = input.maxLength;
  if (input.getAttribute("aria-invalid")) typed.setAttribute("aria-invalid", "true");
  if (describedBy) keepDescription(typed, describedBy);
}

// « Précisez la fonction » shows itself when the chosen function asks for words, or when some are printed.
function showWordsOf(box) {
  const select = findById(box.dataset.wordsOf ?? "", HTMLSelectElement);
  if (!select) return;
  const typed = partOf(box, "input", HTMLInputElement);
  const follow = () => {
    const asks = ["other", "other_elected"].includes(select.value);
    box.hidden = !asks && !typed.value && !findPart(box, ".field__error");
  };
  select.addEventListener("change", follow);
  follow();
}

for (const input of partsOf(document, "form.form input[list]", HTMLInputElement)) searchAsYouType(input);
const showWords = (root) => partsOf(root, "[data-words-of]", HTMLElement).forEach(showWordsOf);
showWords(document);
document.addEventListener("lines", (event) => showWords(event.target));
