// The state of the station: short on the strip, in words in the details.
import { byId, findById, icon, make, setText } from "../page/elements.js";
import { NUMBER, hourOf, plural } from "../page/french.js";
import { WRONG_MS, clockOffset, fairTime } from "../offline/clock.js";
import { isSilent } from "./face.js";
import { isListComing, listSerial, listSize } from "./list.js";
import { countNames, knowsNames } from "./names.js";
import { counts, unwritten } from "./queue.js";
import { LITTLE_STORAGE, health, isFull } from "./report.js";
import { config, contact } from "./station.js";

const LOW_BATTERY = 20;
const HEALTH_MS = 10_000;
const SESSION_ENDS_MS = 30 * 60_000;

// « 45 s », « 3 min », « 2 h », « 51 ans ».
export function span(ms) {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 60) return `${seconds}\u00a0s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)}\u00a0min`;
  if (seconds < 86_400) {
    const minutes = Math.round((seconds % 3600) / 60) % 60;
    return `${Math.round(seconds / 60 / 60 - minutes / 60)}\u00a0h${minutes ? `\u00a0${String(minutes).padStart(2, "0")}` : ""}`;
  }
  const days = Math.round(seconds / 86_400);
  return days < 700 ? plural(days, "jour") : plural(Math.round(days / 365), "an");
}

const since = (ms) => (ms < 5000 ? "À l’instant" : `Il y a ${span(ms)}`);

function bytes(number) {
  if (number >= 1e9) return `${NUMBER.format(Math.round(number / 1e8) / 10)}\u00a0Go`;
  return `${NUMBER.format(Math.round(number / 1e6))}\u00a0Mo`;
}

// On iOS alone the browser has this property; there a page on the home screen has a memory of its own.
function homeAdvice() {
  if (!("standalone" in navigator)) return "ajoutez la page à l’écran d’accueil";
  return navigator.standalone ? "gardez du réseau" : "restez dans Safari, la page de l’écran d’accueil ne connaîtrait pas cette station";
}

const offsetNow = () => clockOffset() ?? 0; // no answer yet: the clock is not said to be wrong
const isClockWrong = () => Math.abs(offsetNow()) > WRONG_MS;

function clockWords() {
  const offset = clockOffset();
  if (offset === null) return "Pas encore comparée à celle du salon.";
  if (Math.abs(offset) < 2000) return "À l’heure.";
  return `${offset < 0 ? "Avance" : "Retarde"} de ${span(offset)}\u00a0: les heures des passages sont corrigées.`;
}

function sessionEnd() {
  const told = config();
  return told ? told.got + told.station.signed_in_seconds * 1000 - Date.now() : null;
}

// [id, icon, short words, whether to draw the eye, words for the details].
/** @returns {[string, string, string, boolean, string | null][]} */
function facts(state) {
  const ago = contact.at === null ? null : performance.now() - contact.at;
  const online = contact.answers === true;
  const size = listSize();
  const unknown = "Ce navigateur ne le dit pas.";
  const { battery, charging, storageLeft, persisted } = state;
  const low = battery !== null && battery <= LOW_BATTERY && !charging;
  const little = isFull() || (storageLeft !== null && storageLeft < LITTLE_STORAGE);
  const noList = isListComing() ? ["Liste en cours d’arrivée", "Elle arrive\u00a0: une quinzaine de secondes sur un réseau lent."] : ["Pas de liste", "Pas encore sur cet appareil\u00a0: sans réseau, chaque badge sera à confirmer."];
  const lastSeen = ago === null ? "Pas de contact depuis l’ouverture de la page." : `Dernier contact\u00a0: ${since(ago).toLowerCase()}.`;
  const room = storageLeft === null ? unknown : `${bytes(storageLeft)} libres.`;
  const kept = persisted ? " Le navigateur la garde tant que vous ne l’effacez pas." : ` Le navigateur peut l’effacer s’il manque de place\u00a0: ${homeAdvice()}.`;
  return [
    ["network", online ? "wifi" : "wifi-off", online ? "En ligne" : "Sans réseau", !online, `${online ? "Le serveur répond." : "Le serveur ne répond pas\u00a0: continuez à lire, tout est gardé."} ${lastSeen}`],
    ["contact", "clock-history", ago === null ? "Aucun contact" : since(ago), false, null],
    ["list", "list-check", size ? plural(size, "badge") : noList[0], !size, size ? `${plural(size, "badge")}, version ${listSerial()}.` : noList[1]],
    ["names", "people", !online && knowsNames() ? `Ne rechargez pas\u00a0: ${plural(countNames(), "nom")}` : "", true, nameWords()],
    ["clock", "clock", isClockWrong() ? `Horloge ${offsetNow() < 0 ? "+" : "−"}${span(offsetNow())}` : "Heure juste", isClockWrong(), clockWords()],
    ["battery", "battery-half", battery === null ? "" : `${battery}\u00a0%`, low, battery === null ? unknown : `${battery}\u00a0%${charging ? ", en charge" : ""}.`],
    ["storage", "sd-card", little ? "Mémoire pleine" : "Mémoire libre", little, `${isFull() ? "Pleine\u00a0: ce qui est gardé le reste, un nouveau passage ne peut plus l’être. " : ""}${room}${kept}`],
  ];
}

function nameWords() {
  if (!knowsNames()) return "Aucun\u00a0: ils reviennent avec le réseau.";
  return `${plural(countNames(), "nom")}, dans la mémoire de cette page seulement\u00a0: la recharger ou la fermer sans réseau les fait oublier.`;
}

function waitingWords({ waiting, toCheck }) {
  const words = [];
  if (waiting) words.push(`${plural(waiting, "passage")} en attente`);
  if (toCheck) words.push(`${plural(toCheck, "passage")} à vérifier`);
  return words.join(", ");
}

// What needs the host now, or nothing.
function alertWords(isUpdateReady) {
  if (unwritten()) return `La mémoire de cet appareil ne répond pas\u00a0: ${plural(unwritten(), "passage n’est gardé", "passages ne sont gardés")} que dans cette page. Ne la fermez pas\u00a0; exportez${unwritten() > 1 ? "-les" : "-le"} s’il faut la recharger.`;
  if (isFull()) return "La mémoire de cet appareil est pleine. Ce qui attend reste gardé\u00a0; libérez de la place, ou prenez un autre appareil.";
  if (isClockWrong()) return `L’horloge de cet appareil ${offsetNow() < 0 ? "avance" : "retarde"} de ${span(offsetNow())}. Les heures des passages sont corrigées\u00a0: mettez-le à l’heure quand vous pourrez.`;
  const left = sessionEnd();
  if (left !== null && left < SESSION_ENDS_MS) return left < 0 ? "La session de cet appareil est finie\u00a0: demandez un nouveau code à l’organisation." : `La session de cet appareil finit à ${hourOf(fairTime() + left)}\u00a0: demandez un nouveau code à l’organisation.`;
  if (isSilent()) return "Le son de cet appareil est coupé\u00a0: touchez l’écran pour le rendre.";
  return isUpdateReady ? "Une nouvelle version de cette page est prête\u00a0: «\u00a0Détails\u00a0», puis «\u00a0Mettre la page à jour\u00a0»." : "";
}

/** @type {{ at: number, state: Awaited<ReturnType<typeof health>> } | null} */
let known = null;

// Asked of the browser now and then only: it is slow to answer.
async function healthNow() {
  if (!known || performance.now() - known.at > HEALTH_MS) known = { at: performance.now(), state: await health() };
  return known.state;
}

export async function tellState(icons, isUpdateReady) {
  setText(byId("waiting"), waitingWords(counts()));
  setText(byId("alert"), alertWords(isUpdateReady));
  const held = findById("held");
  if (held) held.hidden = !unwritten();
  for (const [id, drawing, words, stands, long] of facts(await healthNow())) {
    const item = byId(`strip-${id}`);
    if (item.textContent !== words || item.classList.contains("strip__item--alert") !== stands) {
      item.replaceChildren(...(words ? [icon(`${icons}#${drawing}`), make("span", "", words)] : []));
      item.classList.toggle("strip__item--alert", stands);
    }
    if (long) setText(byId(`tell-${id}`), long);
  }
  const { waiting, toCheck } = counts();
  setText(byId("tell-waiting"), waiting ? `${plural(waiting, "passage")}, à envoyer dès que le serveur répond.` : "Aucun\u00a0: tout est envoyé.");
  setText(byId("tell-odd"), toCheck ? `${plural(toCheck, "passage")} refusé${toCheck > 1 ? "s" : ""} par le serveur, à remettre à l’organisation.` : "Aucun.");
  const left = sessionEnd();
  setText(byId("tell-session"), left === null ? "Pas encore connue." : `Finit à ${hourOf(fairTime() + left)}.`);
}
