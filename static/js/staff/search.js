// The search field of the header: answers as one types, Ctrl K from anywhere.
// Without this script the same field opens the page of answers.

import { byId, findById, findPart, make, partOf } from "../page/elements.js";
import { plural } from "../page/french.js";
import { jsonReader } from "../page/requests.js";

const WAIT_MS = 150;

function wordsOf(answer) {
  const words = make("span", "staff-answer");
  words.append(
    make("strong", "staff-answer__title", answer.title),
    make("span", "staff-answer__detail", [answer.part, answer.detail].filter(Boolean).join(", ")),
  );
  return words.outerHTML;
}

// Answers to what is typed, and what is said where there is none.
function answersOf(form) {
  let timer = 0;
  let latest = "";
  let isUnanswered = false;
  const find = (query, show) => {
    latest = query;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const address = `${form.dataset.answers}?${new URLSearchParams({ q: query })}`;
      const answers = await jsonReader(address)().catch(() => null);
      if (query !== latest) return;
      isUnanswered = answers === null;
      const all = { title: `Tout voir pour «\u00a0${query}\u00a0»`, detail: "", part: "", address: `${form.action}?${new URLSearchParams({ q: query })}` };
      show(answers?.length ? [...answers, all] : []);
    }, WAIT_MS);
  };
  const wordsOfNone = () => (isUnanswered ? "Pas de réponse\u00a0: appuyez sur Entrée pour chercher de nouveau" : "Rien de ce nom parmi ce que vous pouvez ouvrir");
  return { find, wordsOfNone };
}

function searchAsYouType(form) {
  const input = partOf(form, "input", HTMLInputElement);
  const place = document.createElement("div");
  place.className = "staff-search__field";
  input.replaceWith(place);
  const { find, wordsOfNone } = answersOf(form);
  window.accessibleAutocomplete?.({
    element: place,
    id: input.id,
    name: input.name,
    source: find,
    minLength: 2,
    autoselect: true,
    confirmOnBlur: false,
    displayMenu: "overlay",
    inputClasses: "form-control",
    placeholder: matchMedia("(any-hover: hover)").matches ? `${input.placeholder} (Ctrl K)` : input.placeholder,
    showNoOptionsFound: true,
    templates: { inputValue: (answer) => answer?.title ?? "", suggestion: (answer) => (answer ? wordsOf(answer) : "") },
    onConfirm: (answer) => answer && window.location.assign(answer.address),
    tNoResults: wordsOfNone,
    tStatusQueryTooShort: (least) => `Tapez au moins ${least} caractères`,
    tStatusNoResults: wordsOfNone,
    tStatusSelectedOption: (name, count, index) => `${name}, ${index + 1} sur ${count}, choisi`,
    tStatusResults: (count, chosen) => `${plural(count, "réponse")}. ${chosen}`,
    tAssistiveHint: () => "Des réponses viennent pendant la saisie\u00a0: flèches haut et bas pour les parcourir, Entrée pour ouvrir.",
  });
  const field = byId("staff-q", HTMLInputElement);
  field.maxLength = input.maxLength;
  field.setAttribute("aria-keyshortcuts", "Control+K");
}

const form = findPart(document, ".staff-search", HTMLFormElement);
if (form && window.accessibleAutocomplete) searchAsYouType(form);
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  const field = findById("staff-q", HTMLInputElement);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
