// Search by name: the one thing of the scanner that needs the network.
import { codeIn } from "./station/list.js";
import { call } from "./station/station.js";

const byId = (id) => document.getElementById(id);

// `choose(code)` is called with the badge of the person that the host picks.
export function openingSearch(choose) {
  const dialog = byId("search");
  const pick = (code) => {
    dialog.close();
    byId("search-text").value = "";
    byId("search-found").replaceChildren();
    byId("search-count").textContent = "";
    choose(code);
  };
  byId("open-search").addEventListener("click", () => dialog.showModal());
  byId("close-search").addEventListener("click", () => dialog.close());
  byId("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = byId("search-text").value.trim();
    if (codeIn(words)) pick(words);
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

function rowOf(person, pick) {
  const row = document.createElement("li");
  const button = document.createElement("button");
  const name = document.createElement("strong");
  name.textContent = person.name;
  const more = [person.function, person.on_behalf_of, person.category, person.state_label];
  button.type = "button";
  button.append(name, more.filter(Boolean).join(", "));
  button.addEventListener("click", () => pick(person.code));
  row.append(button);
  return row;
}
