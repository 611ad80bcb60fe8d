// Search by name, with or without network.
import { byId, make } from "../page/elements.js";
import { folded, plural } from "../page/french.js";
import { codeIn } from "../station/codes.js";
import { findNames, knowsNames } from "../station/names.js";
import { call, config } from "../station/station.js";

const SHORTEST = 3;
const PATIENCE_MS = 3000;
const PAUSE_MS = 350; // of who types, before the server is asked
const NUMBER = /^[A-Z2-7]{8}$/i;

// `choose(reading)` is called with the person that the host picks: {hash, label}, or the {text} of a
// code that was typed in the field.
export function openingSearch(choose) {
  const dialog = byId("search", HTMLDialogElement);
  const pick = (reading) => {
    dialog.close();
    choose(reading);
  };
  dialog.addEventListener("close", () => {
    clearTimeout(typing);
    asked += 1;
    byId("search-text", HTMLInputElement).value = "";
    byId("search-found").replaceChildren();
    byId("search-count").textContent = "";
  });
  byId("open-search").addEventListener("click", () => dialog.showModal());
  byId("close-search").addEventListener("click", () => dialog.close());
  byId("search-text").addEventListener("input", () => {
    clearTimeout(typing);
    const words = byId("search-text", HTMLInputElement).value.trim();
    if (codeIn(words) || !isEnough(words)) return;
    if (knowsNames() && findNames(words).length) searchHere(words, pick);
    else typing = setTimeout(search, PAUSE_MS, words, pick);
  });
  byId("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(typing);
    const words = byId("search-text", HTMLInputElement).value.trim();
    if (codeIn(words)) pick({ text: words });
    else search(words, pick);
  });
}

const NOBODY = "Aucune personne de ce nom\u00a0: vérifiez l’orthographe, ou adressez la personne à l’accueil.";
const TOO_SHORT = "Tapez au moins trois lettres du nom ou de la commune.";
const NO_NUMBER = `${NOBODY} Le numéro d’un badge demande le réseau.`;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let typing;
let asked = 0;

const isNumber = (words) => NUMBER.test(words.replace(/[\s.–-]+/g, ""));
const isEnough = (words) => isNumber(words) || (words.match(/\p{L}/gu) || []).length >= SHORTEST;

// The server knows best; without its answer, the names that this device holds.
async function search(words, pick) {
  asked += 1;
  const own = asked;
  byId("search-found").replaceChildren();
  byId("search-count").textContent = "Recherche…";
  const answer = await call(`attendees?q=${encodeURIComponent(words)}`, { patience: PATIENCE_MS });
  if (own !== asked) return; // something else was typed meanwhile
  if (answer?.ok) show(answer.content.attendees.map(fromServer), "", pick);
  else if (answer && answer.status < 500) byId("search-count").textContent = answer.content.message;
  else searchHere(words, pick);
}

function searchHere(words, pick) {
  asked += 1;
  if (!knowsNames()) {
    byId("search-count").textContent = paperWords(words);
  } else if (!isEnough(words)) {
    byId("search-count").textContent = TOO_SHORT;
  } else if (isNumber(words) && !findNames(words).length) {
    byId("search-count").textContent = NO_NUMBER;
  } else {
    show(findNames(words).map(fromDevice), ", d’après cet appareil", pick);
  }
}

// Names were forgotten, or never came: the list on paper has them.
function paperWords(words) {
  const letter = folded(words).charAt(0).toUpperCase();
  const place = letter ? `à la lettre «\u00a0${letter}\u00a0»` : "à la première lettre du nom";
  return `Sans réseau, cet appareil ne connaît plus les noms. Ouvrez la liste par nom du dossier papier ${place}, cochez la ligne et laissez entrer\u00a0: elle sera ressaisie.`;
}

function show(found, where, pick) {
  byId("search-count").textContent = found.length ? `${plural(found.length, "personne")}${where}` : NOBODY;
  byId("search-found").replaceChildren(...found.map((person) => rowOf(person, pick)));
}

const fromServer = (person) => ({
  name: person.name,
  more: [person.function, person.on_behalf_of, person.category, person.state_label],
  reading: { hash: person.code_hash, label: labelOf(person) },
});

function fromDevice({ hash, label }) {
  const [category] = config()?.categories[label.category] || [label.category];
  return { name: `${label.firstName} ${label.lastName}`, more: [label.function, label.onBehalfOf, category], reading: { hash, label } };
}

// What the list says of a badge, from what the server says of a person.
function labelOf({ name, on_behalf_of, category_code, needs, vip, ...person }) {
  return { firstName: name, lastName: "", function: person.function, onBehalfOf: on_behalf_of, category: category_code, vip, needs };
}

function rowOf(person, pick) {
  const row = make("li");
  const button = make("button");
  button.type = "button";
  button.append(make("strong", "", person.name), person.more.filter(Boolean).join(", "));
  button.addEventListener("click", () => pick(person.reading));
  row.append(button);
  return row;
}
