// What a device tries of itself: said on its page, in its reports and on « Stations ».
import { isAwake } from "../page/awake.js";
import { byId, icon, make, partsOf } from "../page/elements.js";
import { isUpdateReady } from "../offline/pages.js";
import { isStorageProblem } from "../offline/store.js";
import { contact } from "./station.js";
import { CHECK, base } from "./store.js";

/** @typedef {"reading" | "memory" | "sound" | "screen" | "network" | "page"} Part */
/** @typedef {"ok" | "failed" | "untried"} State */
/** @typedef {Partial<Record<Part, State>>} Results */

/** @type {Part[]} */
const PARTS = ["reading", "memory", "sound", "screen", "network", "page"];
const LOOKS = { ok: ["ok", "check-circle-fill"], failed: ["danger", "x-octagon-fill"], untried: ["neutral", "circle"] };
const ADVICE = {
  reading: {
    untried: "Lecture\u00a0: visez le code d’enrôlement de l’organisation, ou un badge.",
    failed: "Lecture\u00a0: autorisez la caméra, choisissez-en une autre, ou branchez un lecteur\u00a0; puis lisez un badge.",
  },
  memory: { failed: "Mémoire\u00a0: quittez la navigation privée ou libérez de la place\u00a0; sinon, prenez un autre appareil." },
  sound: {
    ok: "Son\u00a0: un bip a sonné. Rien entendu\u00a0? Montez le son et ôtez le mode silencieux.",
    failed: "Son\u00a0: touchez l’écran. S’il ne sonne toujours pas, regardez les couleurs.",
  },
  screen: { failed: "Écran\u00a0: ôtez l’économie d’énergie et réglez la veille de l’appareil sur «\u00a0jamais\u00a0»\u00a0; sinon, il s’éteint seul." },
  network: { failed: "Réseau\u00a0: le serveur ne répond pas. Sans réseau, la page lit tout de même." },
  page: { failed: "Page\u00a0: une nouvelle version attend, «\u00a0Mettre la page à jour\u00a0»." },
};

/** @type {{ results: Results, at: number }} `at`: ms of the device. */
let check = { results: {}, at: 0 };
try {
  check = JSON.parse(localStorage.getItem(CHECK) ?? "null") ?? check;
} catch {
  // A browser that keeps nothing: it is tried again.
}

const keep = () => {
  try {
    localStorage.setItem(CHECK, JSON.stringify(check));
  } catch {
    // It is told while this page is open.
  }
};

/**
 * @param {Part} part
 * @param {State} state
 */
export function noteResult(part, state) {
  if (check.results[part] === state) return;
  check = { results: { ...check.results, [part]: state }, at: Date.now() };
  keep();
}

/** @param {boolean | null} isWell */
const stateOf = (isWell) => (isWell === null ? "untried" : isWell ? "ok" : "failed");

// What shows without being tried.
export function lookAround() {
  noteResult("screen", stateOf(isAwake()));
  noteResult("network", stateOf(contact.answers));
  noteResult("page", stateOf(!isUpdateReady()));
  if (!check.results.reading) noteResult("reading", "untried");
}

// Writes on the disk and reads it back.
export async function tryMemory() {
  const mark = String(Math.random());
  let isRead = false;
  try {
    await base.writing("meta", (store) => store.put(mark, CHECK), { strict: true });
    isRead = await base.read("meta", CHECK) === mark;
    await base.remove("meta", CHECK);
  } catch (error) {
    if (!isStorageProblem(error)) reportError(error);
  }
  noteResult("memory", stateOf(isRead));
}

// As the server takes it: how long ago, whatever this device's clock says. What is told has arrived.
export function checkToReport(now = Date.now()) {
  const { results, at } = check;
  return { results: { ...results, network: "ok" }, seconds_ago: Math.round(Math.max(0, now - at) / 1000) };
}

/** @type {Record<Part, Record<State | "name", string>> | null} */
let words = null;
const wordsNow = () => (words ??= JSON.parse(byId("check-words").textContent ?? ""));

// One row of results in each list of the page made for it: the names of the parts, or in « words » what
// came of each.
/**
 * @param {ParentNode} place
 * @param {string | undefined} icons
 */
export function drawCheck(place, icons) {
  const parts = PARTS.filter((part) => check.results[part]);
  const sign = JSON.stringify(parts.map((part) => check.results[part]));
  for (const list of partsOf(place, "[data-check]")) {
    if (list.dataset.drawn === sign) continue;
    list.dataset.drawn = sign;
    list.replaceChildren(...parts.map((part) => {
      const state = /** @type {State} */ (check.results[part]);
      const [look, drawing] = LOOKS[state];
      const [line, chip] = [make("li"), make("span", `state state--${look}`)];
      const { name, [state]: said } = wordsNow()[part];
      const isBrief = list.dataset.check !== "words";
      chip.append(icon(`${icons}#${drawing}`), make("span", "", isBrief ? name : said));
      if (isBrief) chip.append(make("span", "visually-hidden", `\u00a0: ${said}`));
      line.append(chip);
      return line;
    }));
  }
}

// What the host should know or do about it. `version`: of the page.
/** @param {string | undefined} version */
export function checkAdvice(version) {
  const lines = Object.entries(ADVICE).flatMap(([part, said]) => said[check.results[part]] ?? []);
  if (check.results.sound === "ok" && !navigator.vibrate) lines.push("Cet appareil ne vibre pas.");
  return [...lines, `Version de la page\u00a0: ${version}.`].join(" ");
}
