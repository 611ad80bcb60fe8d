// The roll-call of an evacuation: whom the server says to be inside; without it, its last list, and who
// passed at this device. Names stay in the page's memory (docs/decisions/0020), and so do the ticks.
import { byId, make, partsOf } from "../page/elements.js";
import { hourOf, plural } from "../page/french.js";
import { fairTime } from "../offline/clock.js";
import { isStorageProblem } from "../offline/store.js";
import { holdRollCall, labelsBy, lastRollCall } from "../station/names.js";
import { PREFIX, insideHere } from "../station/seen.js";
import { call, config, events } from "../station/station.js";

const PATIENCE_MS = 4000;
const ticked = new Set();

export function openingRollCall() {
  const dialog = byId("roll-call", HTMLDialogElement);
  byId("open-roll-call").addEventListener("click", () => {
    dialog.showModal();
    fill();
  });
  byId("close-roll-call").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => show("", []));
  byId("roll-call-list").addEventListener("change", ({ target }) => {
    const { checked, value } = /** @type {HTMLInputElement} */ (target);
    if (checked) ticked.add(value);
    else ticked.delete(value);
    count();
  });
  events.addEventListener("forgotten", () => {
    ticked.clear();
    dialog.close();
  });
}

async function fill() {
  show("Un instant…", []);
  const answer = await call("inside", { patience: PATIENCE_MS });
  if (answer?.ok) {
    const { words, groups } = answer.content;
    holdRollCall({ words, groups, at: fairTime() });
    show(words, groups);
    return;
  }
  const here = await ownGroups().catch((error) => {
    if (!isStorageProblem(error)) throw error;
    return [];
  });
  const before = lastRollCall();
  const since = before ? `Liste du serveur à ${hourOf(before.at)}\u00a0: ${before.words} Puis ce` : "Seulement ce";
  show(`Le serveur ne répond pas. ${since} que cet appareil a vu\u00a0: qui est passé ailleurs n’y est pas. Prenez aussi la liste sur papier.`, [...before?.groups ?? [], ...withoutThose(here, before)]);
}

// Those whom the server already named are on its list.
function withoutThose(groups, before) {
  const named = new Set(before?.groups.flatMap(([, lines]) => lines.map(([key]) => key.slice(0, PREFIX))));
  return groups.map(([label, lines]) => [label, lines.filter(([key]) => !named.has(key))]).filter(([, lines]) => lines.length);
}

// Who passed here and did not go out since, by place; a name that this page does not hold is said so.
/** @returns {Promise<[string, string[][]][]>} */
async function ownGroups() {
  const labels = labelsBy(PREFIX);
  const rooms = new Map((config()?.doors ?? []).map(({ zone }) => [String(zone?.id ?? ""), zone?.label ?? ""]));
  /** @type {Map<string, string[][]>} */
  const groups = new Map();
  for (const [prefix, at, room] of await insideHere(fairTime())) {
    const label = labels.get(prefix);
    const name = label ? `${label.lastName} ${label.firstName}` : "Nom inconnu de cet appareil";
    const place = room && rooms.get(room) ? `${rooms.get(room)}, vus par cet appareil` : "Entrés, vus par cet appareil";
    const line = [prefix, name, [label?.onBehalfOf, `à ${hourOf(at)}`].filter(Boolean).join(", "), ""];
    groups.set(place, [...groups.get(place) ?? [], line]);
  }
  for (const lines of groups.values()) lines.sort(([, one], [, other]) => one.localeCompare(other, "fr"));
  return [...groups];
}

/** @param {string} words @param {[string, string[][]][]} groups */
function show(words, groups) {
  byId("roll-call-words").textContent = words;
  byId("roll-call-list").replaceChildren(...groups.flatMap(([label, lines]) => {
    const list = make("ul", "roll-call__list");
    list.append(...lines.map(rowOf));
    return [make("h3", "", `${label}, ${plural(lines.length, "personne")}`), list];
  }));
  count();
}

/** @param {string[]} line */
function rowOf([key, name, more, needs]) {
  const row = make("li");
  const label = make("label");
  const box = make("input", "form-check-input");
  const who = make("span");
  box.type = "checkbox";
  box.value = key.slice(0, PREFIX);
  box.checked = ticked.has(box.value);
  who.append(make("strong", "", name), more, make("em", "", needs));
  label.append(box, who);
  row.append(label);
  return row;
}

function count() {
  const boxes = partsOf(byId("roll-call-list"), "input", HTMLInputElement);
  const seen = boxes.filter((box) => box.checked).length;
  byId("roll-call-count").textContent = boxes.length ? `${plural(seen, "vue")}, ${plural(boxes.length - seen, "manque", "manquent")}` : "";
}
