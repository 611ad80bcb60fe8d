// A stand reads badges: each reading is written on the phone first, then sent. What is shared is
// shown and never kept.
import { keepAwake } from "../page/awake.js";
import { byId, fill, make, partOf, partsOf } from "../page/elements.js";
import { plural } from "../page/french.js";
import { uuid } from "../page/identifiers.js";
import { keepFlushing } from "../offline/queue.js";
import { fairTime } from "../offline/clock.js";
import { cameraOf } from "../station/camera.js";
import { codeIn, hashOf, withoutRepeats } from "../station/codes.js";
import { keepPages } from "../offline/pages.js";
import { listenToReader } from "../station/typed.js";
import { Readings } from "./queue.js";

const RETRY_MS = 15_000;
const MOST_SHOWN = 6;
// What a pasted note may hold and no screen shows: the server takes none of it.
const UNPRINTABLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffd]|\p{Surrogate}/gu;
const page = byId("lead-scan").dataset;
const queue = new Readings(page.exhibitor, page.page, page.state);

/** @type {any} */
let current = null;
const shown = new Map();

const ICONS = { shared: "check-circle-fill", private: "lock-fill", waiting: "hourglass-split", unknown: "x-octagon-fill" };
const HINTS = {
  private: "Le visiteur peut vous donner ses coordonnées quand il veut\u00a0: il vise l’affiche de votre stand, ou choisit plus tard depuis son badge.",
  waiting: "La lecture est gardée sur ce téléphone et partira dès que le réseau revient.",
  unknown: "Rien n’est gardé. Visez le grand QR code du badge, ou tapez le numéro qui est dessous.",
};

// --- A badge was read ------------------------------------------------------------------------
const present = withoutRepeats(async (reading) => {
  const code = codeIn(reading);
  if (!code) {
    card(null, "unknown", "Ce code n’est pas un badge du salon");
    return;
  }
  const item = newItem({ code_hash: await hashOf(code) });
  card(item, "waiting", "Lecture gardée");
  try {
    await queue.put(item);
  } catch {
    fill(byId("problem"), "Ce téléphone n’a plus de place pour garder des lectures. Libérez-en, et laissez cette page ouverte.");
    await queue.send([item]); // it goes at once or not at all, and the page has said so
    return;
  }
  await queue.flush();
});

function newItem(what) {
  return { reading_id: uuid(), read_at: new Date(fairTime()).toISOString(), note: "", interest: "", revision: 0, ...what };
}

// A short number needs the server: it is not kept.
async function presentTyped(event) {
  event.preventDefault();
  const words = byId("typed-code", HTMLInputElement).value.trim();
  if (!words) return;
  if (codeIn(words)) {
    byId("typed-code", HTMLInputElement).value = "";
    await present(words);
    return;
  }
  const short = words.replace(/[\s\u00a0-]/g, "").toUpperCase();
  if (!/^[A-Z2-7]{8}$/.test(short)) {
    fill(byId("problem"), "Tapez les huit caractères écrits sous le QR code, par exemple ABCD 2345.");
    return;
  }
  const item = newItem({ short_code: short });
  card(item, "waiting", "Recherche du badge");
  const answer = await queue.send([item]);
  if (answer) {
    byId("typed-code", HTMLInputElement).value = "";
  } else {
    card(null, "unknown", "Le numéro demande le réseau");
    byId("card-hint").textContent = "Visez le QR code avec la caméra\u00a0: cette lecture-là se garde sans réseau.";
  }
}

// --- What is on the screen ---------------------------------------------------------------------
/** @param {{ title: string, lines: string[], allowed: string[] } | null} [person] */
function card(item, state, word, person = null) {
  if (current && current.reading_id !== item?.reading_id && byId("card-note", HTMLTextAreaElement).value.trim() !== current.note) saveWords();
  current = item;
  const box = byId("card");
  box.dataset.state = state;
  partOf(box, "use").setAttribute("href", `${page.icons}#${ICONS[state]}`);
  byId("card-word").textContent = word;
  fill(byId("card-name"), person ? person.title : "");
  lines(byId("card-lines"), person ? [...person.lines, ...person.allowed.map((one) => `Accord\u00a0: ${one}`)] : []);
  fill(byId("card-hint"), HINTS[state] || "");
  fill(byId("problem"), "");
  byId("card-form").hidden = !item;
  byId("card-note", HTMLTextAreaElement).value = item ? item.note : "";
  byId("card-saved").textContent = "";
  press(item ? item.interest : "");
  box.hidden = false;
  if (item) remember(item.reading_id, word, person);
  if (navigator.vibrate) navigator.vibrate(state === "unknown" ? 400 : 80);
}

function lines(list, words) {
  list.hidden = !words.length;
  list.replaceChildren(...words.map((line) => make("li", "", line)));
}

function remember(id, word, person) {
  shown.set(id, person ? `${person.title}, ${word.toLowerCase()}` : word);
  while (shown.size > MOST_SHOWN) shown.delete(shown.keys().next().value);
  byId("last-readings").hidden = false;
  lines(byId("last-list"), [...shown.values()].reverse());
}

queue.addEventListener("result", (event) => {
  const { detail: result } = /** @type {CustomEvent} */ (event);
  const state = result.state !== "kept" ? "unknown" : result.person ? "shared" : "private";
  if (current?.reading_id !== result.reading_id) {
    if (shown.has(result.reading_id)) remember(result.reading_id, result.word, result.person);
    return;
  }
  const { note, interest } = { note: byId("card-note", HTMLTextAreaElement).value, interest: current.interest };
  const saved = byId("card-saved").textContent;
  card(state === "unknown" ? null : current, state, result.word, result.person);
  byId("card-note", HTMLTextAreaElement).value = note;
  byId("card-saved").textContent = saved && "Enregistré pour tout le stand.";
  press(interest);
});

queue.addEventListener("change", () => tellNetwork(queue.network));

async function tellNetwork(network) {
  const items = await queue.waiting().catch(() => []);
  const wrong = items.filter((one) => one.problem).length;
  const waits = items.length - wrong;
  const words = [network === "offline" ? "Sans réseau" : network === "out" ? "Non connecté" : "En ligne"];
  if (waits) words.push(`${plural(waits, "lecture")} en attente`);
  if (wrong) words.push(plural(wrong, "refusée"));
  byId("network").textContent = words.join(", ");
  byId("signed-out").hidden = network !== "out";
  byId("signed-out-words").textContent = waits ? `${plural(waits, "lecture attend", "lectures attendent")} sur ce téléphone et partir${waits > 1 ? "ont" : "a"} dès que vous serez reconnecté.` : "Reconnectez-vous pour envoyer vos lectures.";
}

// --- Note and interest ---------------------------------------------------------------------------
function press(interest) {
  for (const button of partsOf(document, "[data-interest]")) {
    button.setAttribute("aria-pressed", String(button.dataset.interest === interest));
  }
}

async function saveWords() {
  if (!current) return;
  // A short number is never kept: the server has the reading by now, or has refused it.
  const { short_code: _, ...kept } = current;
  const item = { ...kept, note: byId("card-note", HTMLTextAreaElement).value.replace(UNPRINTABLE, " ").trim(), revision: kept.revision + 1 };
  current = item;
  const say = (words) => { if (current === item) byId("card-saved").textContent = words; };
  try {
    await queue.put(item);
  } catch {
    // The phone is full: it leaves at once, or not at all.
    const sent = await queue.send([item]);
    say(sent ? "Enregistré pour tout le stand." : "NON gardé\u00a0: ce téléphone est plein et le serveur ne répond pas. Recommencez dans un instant.");
    return;
  }
  say("Gardé, à envoyer.");
  await queue.flush();
}

for (const button of partsOf(document, "[data-interest]")) {
  button.addEventListener("click", () => {
    if (!current) return;
    current.interest = button.dataset.interest;
    press(current.interest);
    saveWords();
  });
}
byId("card-form").addEventListener("submit", (event) => {
  event.preventDefault();
  saveWords();
});

// --- Start -----------------------------------------------------------------------------------------
const NO_CAMERA = "La caméra ne s’ouvre pas\u00a0: autorisez-la dans le navigateur, ou tapez le numéro du badge.";
const camera = cameraOf({
  video: byId("camera", HTMLVideoElement),
  place: byId("start"),
  onCode: present,
  tell: (words) => fill(byId("problem"), words),
  words: {
    refused: NO_CAMERA,
    failed: NO_CAMERA,
    lost: "La caméra s’est arrêtée\u00a0: appuyez sur «\u00a0Ouvrir la caméra\u00a0».",
  },
});
byId("open-camera").addEventListener("click", camera.open);
byId("typed").addEventListener("submit", presentTyped);
listenToReader(present, { isOff: () => document.activeElement?.matches("input, textarea") });
keepAwake(); // a reader plugged in wakes no telephone
addEventListener("offline", () => tellNetwork("offline"));
if (navigator.storage?.persist) navigator.storage.persist().catch(() => {});
keepPages(page.serviceWorker, page.page, () => {});
queue.ask().then(() => keepFlushing(() => queue.flush(), RETRY_MS));
