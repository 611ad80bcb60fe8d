// The scanner of a station: reads badges (camera, typing reader, name) and shows the verdict.
// What it knows and keeps is in station/.
import "../station/failures.js";
import { keepAwake } from "../page/awake.js";
import { whatLacks } from "../page/browser.js";
import { byId, partsOf, setText } from "../page/elements.js";
import { giveFile } from "../page/files.js";
import { plural } from "../page/french.js";
import { isStorageProblem } from "../offline/store.js";
import { serveAlone } from "../station/alone.js";
import { cameraOf } from "../station/camera.js";
import { offerCameras } from "../station/camera_choice.js";
import { checkAdvice, drawCheck, lookAround, noteResult, tryMemory } from "../station/check.js";
import { enrolmentCode } from "../station/codes.js";
import { closeVerdict, kindOf, showVerdict, soundState, wakeSound } from "../station/face.js";
import { dropList, loadList } from "../station/list.js";
import { forgetNames, keepNames } from "../station/names.js";
import { isUpdateReady, keepPages, takeUpdate } from "../offline/pages.js";
import { pass } from "../station/passage.js";
import { count, counts, events as queueEvents, exportFile, keepSending, unwritten } from "../station/queue.js";
import { keepReporting, noteFull, report } from "../station/report.js";
import { countOwn, forgetSeen } from "../station/seen.js";
import { askToPersist, config, contact, events, forget, formerStation, stationOnceRead, wipe } from "../station/station.js";
import { tellState } from "../station/strip.js";
import { wipeAll } from "../station/store.js";
import { listenToReader } from "../station/typed.js";
import { offerEnrolment, sayNone } from "./none.js";
import { wireLens } from "../station/lens.js";
import { openingRollCall } from "./roll_call.js";
import { openingSearch } from "./search.js";
/** @import { Label } from "../station/list.js" */
/** @import { Station } from "../station/station.js" */

const page = byId("scanner").dataset;
const SAME_CODE_MS = 3000;
// What a verdict is shown at least before the next one takes its place; a refusal has to be read.
const LEAST_MS = 300;
const REFUSAL_MS = 900;
const TELL_MS = 5000;
const SCOPE = "/scanner";
const DIALOGS = ["search", "roll-call", "details"];

/** @type {Station | null} */
let station = null;
let direction = "in";
const passed = { in: 0, out: 0, refused: 0 };

function tell() {
  lookAround();
  noteResult("sound", soundState());
  drawCheck(document, page.icons);
  setText(byId("check-advice"), checkAdvice(page.version));
  return tellState(page.icons, isUpdateReady());
}

// --- A badge was read ------------------------------------------------------------------------
let last = { key: /** @type {string | null} */ (null), at: 0 };
// When each code was seen by the camera: one that stays before it, beside others or not, is one scan.
/** @type {Map<string, number>} */
const inView = new Map();
let shownAt = 0;
let leastShown = 0;
/** @type {Reading | null} */
let current = null;
/** @type {Reading[]} */
const upcoming = [];
/** @typedef {{ text?: string, hash?: string, label?: Label | null }} Reading */
/** @param {Reading | null} reading */
const keyOf = (reading) => reading?.hash ?? reading?.text ?? null;

// A reading while a verdict is on the screen takes its place, once that one could be seen; the same code
// again is one scan.
async function present(reading) {
  const now = performance.now();
  const key = keyOf(reading);
  const same = key === last.key && now - last.at < SAME_CODE_MS;
  if (same) last.at = now;
  if (same || [current, ...upcoming].some((other) => keyOf(other) === key) || !station) return;
  upcoming.push(reading);
  makeRoom();
  if (current !== null) return;
  while (upcoming.length) {
    current = /** @type {Reading} */ (upcoming.shift());
    await judged(current);
    last = { key: keyOf(current), at: performance.now() };
  }
  current = null;
}

function makeRoom() {
  const shown = shownAt;
  setTimeout(() => { if (shown === shownAt) closeVerdict(); }, shown + leastShown - performance.now());
}

function presentText(text) {
  noteResult("reading", "ok");
  return present({ text });
}

const TRIED = { verdict: "tried", word: "Code lu", message: "Cet appareil lit les codes. C’est celui d’un enrôlement\u00a0: aucun passage n’est noté.", warning: "", holder: null };

function presentSeen(text) {
  const now = performance.now();
  for (const [code, at] of inView) if (now - at >= SAME_CODE_MS) inView.delete(code);
  const isNew = !inView.has(text);
  inView.set(text, now);
  if (isNew) presentText(text);
}

// What was read may be read again: for the other way, or after a search.
function forgetReadings() {
  last = { key: null, at: 0 };
  inView.clear();
}

/** @param {Reading} reading */
async function judged(reading) {
  if (reading.text?.includes("/") && enrolmentCode(reading.text)) {
    await show(TRIED, LEAST_MS);
    return;
  }
  const verdict = await pass(reading, byId("door", HTMLSelectElement).value || station?.door, direction).catch(failed);
  noteFull(Boolean(verdict.full) || (verdict.from === "nowhere" && verdict.verdict !== "not_kept"));
  tell();
  const kind = kindOf(verdict.verdict);
  if (kind === "refused") passed.refused += 1;
  if (kind === "accepted" || verdict.letIn) passed.in += 1;
  if (kind === "exit") passed.out += 1;
  byId("counts").textContent = `Entrées ${passed.in} · Sorties ${passed.out} · Refus ${passed.refused}`;
  await show(worded(verdict), kind === "refused" ? REFUSAL_MS : LEAST_MS);
}

// Shows a verdict, at least so long when another badge waits.
async function show(verdict, least) {
  shownAt = performance.now();
  leastShown = least;
  const shown = showVerdict(byId("verdict"), byId("announce"), page.icons, verdict);
  if (upcoming.length) makeRoom();
  await shown;
}

// What nobody foresaw is said too, and the next badge is read.
function failed(error) {
  reportError(error);
  return { verdict: "not_kept", from: "nowhere", letIn: false };
}

// What the host reads where the verdict alone does not say it.
function worded(verdict) {
  if (!station) {
    return { verdict: "station_revoked", word: "Station révoquée", message: "Le passage est gardé sur cet appareil. Demandez un nouveau code à l’organisation." };
  }
  if (verdict.from === "nowhere") {
    return { verdict: "not_kept", word: "Passage NON gardé", message: verdict.verdict === "not_kept" ? "Cet appareil n’a pas pu le garder\u00a0: notez ce passage sur papier, puis rechargez la page." : "La mémoire de cet appareil est pleine et le serveur ne répond pas\u00a0: notez ce passage sur papier.", holder: verdict.holder };
  }
  if (unwritten()) return { ...verdict, warning: "La mémoire de cet appareil ne répond pas\u00a0: gardez cette page ouverte." };
  if (verdict.full) return { ...verdict, warning: "La mémoire de cet appareil est pleine\u00a0: passage envoyé sans y être gardé." };
  return verdict;
}

// --- Camera ------------------------------------------------------------------------------------
const camera = cameraOf({
  video: byId("camera", HTMLVideoElement),
  place: byId("start"),
  onCode: presentSeen,
  tell(words) {
    byId("camera-problem").textContent = words;
    if (!words) return;
    noteResult("reading", "failed");
    tell();
  },
  words: {
    refused: "La caméra ne s’ouvre pas\u00a0: autorisez-la dans le navigateur, ou servez-vous d’un lecteur ou de la recherche par nom.",
    failed: "La lecture par caméra n’a pas démarré\u00a0: rechargez la page.",
    lost: "La caméra s’est arrêtée\u00a0: appuyez sur «\u00a0Ouvrir la caméra\u00a0».",
  },
});

function startCamera() {
  wakeSound({ beeps: true });
  camera.open();
}

// --- Details, export, giving the device back -------------------------------------------------------
const save = async () => giveFile(await exportFile());

async function giveBack() {
  const { waiting, toCheck } = await count();
  const left = waiting + toCheck;
  if (left) {
    byId("details-message").textContent = `${plural(left, "passage")} ${left > 1 ? "ne sont pas encore envoyés" : "n’est pas encore envoyé"}\u00a0: l’appareil ne peut pas être rendu. Attendez le réseau, ou exportez-${left > 1 ? "les" : "le"} et donnez le fichier à l’organisation.`;
    return;
  }
  forgetNames();
  try {
    await wipe();
    await wipeAll();
  } catch (error) {
    if (!isStorageProblem(error)) throw error;
    byId("details-message").textContent = "La mémoire de cet appareil ne répond pas\u00a0: recommencez dans un instant.";
    return;
  }
  forget();
  location.assign(page.left ?? "");
}

function wireDetails() {
  byId("open-details").addEventListener("click", () => {
    byId("details-message").textContent = "";
    byId("update").hidden = !isUpdateReady();
    tell();
    offerCameras(byId("cameras"), camera);
    byId("details", HTMLDialogElement).showModal();
  });
  byId("check-again").addEventListener("click", () => tryMemory().then(tell));
  byId("close-details").addEventListener("click", () => byId("details", HTMLDialogElement).close());
  byId("update").addEventListener("click", takeUpdate);
  byId("export").addEventListener("click", save);
  byId("export-held").addEventListener("click", save);
  byId("sign-out").addEventListener("click", giveBack);
}

// --- Start -------------------------------------------------------------------------------------------
function showDoors() {
  if (!station) return;
  const { door } = station;
  const doors = config()?.doors || [{ code: door, label: "" }];
  const chosen = localStorage.getItem("door") || door;
  byId("door", HTMLSelectElement).replaceChildren(...doors.map(({ code, label }) => new Option([code, label].filter(Boolean).join(" – "), code)));
  byId("door", HTMLSelectElement).value = doors.some((one) => one.code === chosen) ? chosen : door;
}

function wireTools() {
  byId("door", HTMLSelectElement).addEventListener("change", () => localStorage.setItem("door", byId("door", HTMLSelectElement).value));
  for (const button of partsOf(document, "[data-direction]")) {
    button.addEventListener("click", () => {
      direction = button.dataset.direction ?? "in";
      forgetReadings();
      for (const other of partsOf(document, "[data-direction]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
    });
  }
  byId("verdict").addEventListener("click", closeVerdict);
  byId("open-camera").addEventListener("click", startCamera);
  byId("register").addEventListener("click", (event) => {
    if (contact.answers !== false) return;
    event.preventDefault();
    byId("alert").textContent = "«\u00a0Inscrire sur place\u00a0» demande le réseau\u00a0: adressez la personne à l’accueil.";
  });
  openingSearch((reading) => {
    forgetReadings();
    present(reading);
  });
  openingRollCall();
  wireLens(byId("camera", HTMLVideoElement), { torch: byId("torch"), zoom: byId("zoom") });
  const isOff = () => DIALOGS.some((id) => byId(id, HTMLDialogElement).open);
  listenToReader((text) => { wakeSound(); presentText(text); }, { isOff });
}

let letSleep = () => {};
const hideStation = () => { for (const id of ["start", "camera", "tools", "strip"]) byId(id).hidden = true; };

// The page of a device that is no station: why, and what it still keeps.
async function showNone(title = "", why = "") {
  const { waiting, toCheck } = await count();
  hideStation();
  letSleep();
  offerEnrolment(() => station !== null);
  byId("not-enrolled").hidden = false;
  sayNone(title, why);
  const left = waiting + toCheck;
  byId("waiting").textContent = left ? `${plural(left, "passage")} en attente` : "";
  byId("left-over").hidden = !left;
  byId("left-over-words").textContent = `${plural(left, "passage")} ${left > 1 ? "restent gardés" : "reste gardé"} sur cet appareil, sans nom\u00a0: ${left > 1 ? "ils partiront" : "il partira"} quand il sera enrôlé de nouveau.`;
}

const ENDED = "Cet appareil n’est plus une station\u00a0: elle a été révoquée, ou douze heures ont passé depuis son enrôlement. La liste des badges est effacée. Demandez un nouveau code à l’organisation.";

async function onRevoked() {
  station = null;
  camera.close();
  dropList();
  forgetSeen();
  for (const id of DIALOGS) byId(id, HTMLDialogElement).close();
  byId("station-name").textContent = "Station révoquée";
  byId("alert").textContent = "";
  await showNone("Station révoquée", ENDED);
}

function showNoStation() {
  const former = formerStation();
  if (!former) return showNone();
  if (former.ended) {
    byId("station-name").textContent = "Station révoquée";
    return showNone("Station révoquée", ENDED);
  }
  return showNone("La mémoire de cet appareil a été effacée", `Le navigateur a effacé ce que la station «\u00a0${former.name}\u00a0» gardait. Demandez un nouveau code à l’organisation, et dites-lui l’heure\u00a0: des passages qui n’étaient pas encore envoyés peuvent manquer.`);
}

// Another page of this device serves; `serve()` takes its place.
function showElsewhere(serve) {
  station = null;
  camera.close();
  hideStation();
  letSleep();
  byId("not-enrolled").hidden = true;
  byId("elsewhere").hidden = false;
  byId("serve").onclick = serve;
}

async function showStation({ name, kind }) {
  askToPersist();
  letSleep = keepAwake();
  byId("not-enrolled").hidden = true;
  for (const id of ["start", "tools", "strip"]) byId(id).hidden = false;
  byId("station-name").textContent = name;
  showDoors();
  byId("register").hidden = kind !== "desk";
  wireTools();
  wireDetails();
  events.addEventListener("revoked", onRevoked);
  events.addEventListener("config", showDoors);
  for (const change of ["contact", "config", "list"]) events.addEventListener(change, tell);
  queueEvents.addEventListener("counts", tell);
  queueEvents.addEventListener("flushed", () => { if (!counts().waiting) report(page.version); });
  setInterval(tell, TELL_MS);
  keepNames();
  await loadList().catch((error) => { if (!isStorageProblem(error)) throw error; }); // it is read again at the next badge
  await countOwn();
  await count();
  await tryMemory();
  await Promise.all([keepReporting(page.version), keepSending()]);
}

async function start() {
  const lacking = whatLacks();
  if (lacking) {
    sayNone(...lacking);
    return;
  }
  byId("browsers").hidden = true;
  keepPages(page.serviceWorker, SCOPE, tell);
  byId("export-left").addEventListener("click", save);
  await serveAlone({ onOther: showElsewhere, onLost: showElsewhere });
  byId("elsewhere").hidden = true;
  byId("not-enrolled").hidden = false;
  try {
    station = await stationOnceRead(() => {
      sayNone("La mémoire de cet appareil ne répond pas", "Ce qui y est gardé n’est pas perdu, et cette page essaie de nouveau toutes les trois secondes. Si cela dure, fermez le navigateur et rouvrez-le\u00a0; sinon, prenez un autre appareil.");
    });
  } catch {
    sayNone("Ce navigateur ne garde rien", "La mémoire du navigateur ne s’ouvre pas (navigation privée, ou place manquante)\u00a0: prenez un autre navigateur, puis demandez un nouveau code à l’organisation.");
    return;
  }
  if (station) await showStation(station);
  else await showNoStation();
}

await start();
