// Search by name: the one thing of the scanner that needs the network.
import { codeIn } from "./station/list.js";
import { call } from "./station/station.js";

const byId = (id) => document.getElementById(id);

// `choose(reading)` is called with the person that the host picks: {hash, label}, or the {text} of a
// code that was typed in the field.
export function openingSearch(choose) {
  const dialog = byId("search");
  const pick = (reading) => {
    dialog.close();
    byId("search-text").value = "";
    byId("search-found").replaceChildren();
    byId("search-count").textContent = "";
    choose(reading);
  };
  byId("open-search").addEventListener("click", () => dialog.showModal());
  byId("close-search").addEventListener("click", () => dialog.close());
  byId("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = byId("search-text").value.trim();
    if (codeIn(words)) pick({ text: words });
    else search(words, pick);
  });
}

async function search(words, pick) {
  byId("search-found").replaceChildren();
  byId("search-count").textContent = "Recherche…";
  const answer = await call(`attendees?q=${encodeURIComponent(words)}`);
  let message = "La recherche demande le réseau\u00a0: recommencez dans un instant.";
  if (answer?.ok) {
    const found = answer.content.attendees;
    message = found.length ? `${found.length}\u00a0personne${found.length > 1 ? "s" : ""}` : "Personne de ce nom\u00a0: vérifiez l’orthographe, ou adressez la personne à l’accueil.";
    byId("search-found").replaceChildren(...found.map((person) => rowOf(person, pick)));
  } else if (answer?.content.message) {
    message = answer.content.message;
  }
  byId("search-count").textContent = message;
}

// What the list says of a badge, from what the server says of a person.
function labelOf({ name, on_behalf_of, category_code, needs, vip, ...person }) {
  return { firstName: name, lastName: "", function: person.function, onBehalfOf: on_behalf_of, category: category_code, vip, needs };
}

function rowOf(person, pick) {
  const row = document.createElement("li");
  const button = document.createElement("button");
  const name = document.createElement("strong");
  name.textContent = person.name;
  const more = [person.function, person.on_behalf_of, person.category, person.state_label];
  button.type = "button";
  button.append(name, more.filter(Boolean).join(", "));
  button.addEventListener("click", () => pick({ hash: person.code_hash, label: labelOf(person) }));
  row.append(button);
  return row;
}
