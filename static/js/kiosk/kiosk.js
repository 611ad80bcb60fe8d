// The kiosk: a badge is presented, its holder is welcomed, then everything is forgotten.
import "../station/failures.js";
import { keepAwake } from "../page/awake.js";
import { whatLacks } from "../page/browser.js";
import { byId, partOf, partsOf } from "../page/elements.js";
import { plural } from "../page/french.js";
import { serveAlone } from "../station/alone.js";
import { cameraOf } from "../station/camera.js";
import { offerCameras } from "../station/camera_choice.js";
import { drawCheck, lookAround, noteResult, tryMemory } from "../station/check.js";
import { codeIn, enrolmentCode, withoutRepeats } from "../station/codes.js";
import { wireEnrolment } from "../station/enrolment.js";
import { dropList, loadList, refreshList } from "../station/list.js";
import { isUpdateReady, keepPages, takeUpdate } from "../offline/pages.js";
import { counts, keepSending } from "../station/queue.js";
import { keepReporting } from "../station/report.js";
import { forgetSeen } from "../station/seen.js";
import { config, contact, events, stationOnceRead, refreshConfig } from "../station/station.js";
import { isStorageProblem } from "../offline/store.js";
import { listenToReader } from "../station/typed.js";
import { checkIn } from "./check_in.js";
import { unwatch, watch } from "./idle.js";
import { lock, unlock } from "./locked.js";
import { isPin, secondsToWait } from "./pin.js";
import { keepSendingPrintings } from "./printings.js";
import { announce, current, show } from "./screens.js";
import { begin, forget, isSameBadge } from "./visit.js";
import { isFilling, register, toggleBar, wireBar } from "./walk_in.js";
/** @import { Station } from "../station/station.js" */

const NO_BADGES_ON = ["pin", "settings", "not-enrolled", "elsewhere"]; // the organiser's screens
const page = byId("kiosk").dataset;
/** @type {Station | null} */
let station = null;
let isReading = false;
/** @type {any} */
let rules = null; // of the kiosk; the PIN still holds once the station is revoked
let cameraIsOff = true;

// --- Screens without a visit ---------------------------------------------------------------------------
function home() {
  if (!station) {
    notEnrolled();
    return;
  }
  rules = config()?.kiosk || rules;
  unwatch();
  forget();
  toggleTools(false);
  show("badge", {
    title: "Présentez votre badge",
    lead: "Devant la caméra ou le lecteur. Le code reçu sur votre téléphone convient aussi.",
    does: { "no-badge": walkIn, camera: camera.open },
    fill(body) {
      partOf(body, "[data-do=camera]").hidden = !cameraIsOff;
    },
  });
  takeOver();
}

function toggleTools(visiting) {
  toggleBar(false);
  byId("visit-tools").hidden = !visiting;
  byId("idle-tools").hidden = visiting;
  byId("camera-place").hidden = visiting || cameraIsOff;
}

function leaveHome() {
  toggleTools(true);
  watch(home);
}

function refuse(title, words) {
  forget();
  leaveHome();
  show("refused", { title, lead: words });
}

function walkIn() {
  leaveHome();
  register({ done: present, failed: refuse, leave: home });
}

function notEnrolled() {
  station = null;
  unwatch();
  forget();
  toggleTools(false);
  byId("camera-place").hidden = true;
  show("not-enrolled", {
    title: "Cette borne n’est pas prête",
    lead: "Cet appareil n’est pas encore une borne d’accueil.",
    fill: (body) => wireEnrolment(partOf(body, "[data-enrolment]", HTMLFormElement), unlock),
  });
}

// Another page of this device serves; `serve()` takes its place.
function elsewhere(serve) {
  station = null;
  camera.close();
  unwatch();
  forget();
  toggleTools(false);
  for (const id of ["idle-tools", "camera-place"]) byId(id).hidden = true;
  show("elsewhere", { title: "Cette borne est ouverte dans un autre onglet", lead: "Une seule page de cet appareil accueille à la fois.", does: { serve } });
}

// --- A badge -------------------------------------------------------------------------------------------
// Another badge ends the visit, and begins its own.
const present = withoutRepeats(async (reading) => {
  const code = codeIn(reading);
  if (!station || isReading || (code && isSameBadge(code))) return;
  noteResult("reading", "ok");
  if (NO_BADGES_ON.includes(current())) return;
  if (enrolmentCode(reading)) {
    refuse("Code lu", "La borne lit les codes. C’est celui d’un enrôlement\u00a0: aucun passage n’est noté.");
    return;
  }
  isReading = true;
  try {
    forget();
    leaveHome();
    show("wait", { title: "Un instant…" });
    const arrival = await checkIn(reading, station.door);
    if (!station || current() !== "wait") return;
    if (arrival.person) begin(arrival, (words) => refuse("Présentez de nouveau votre badge", words));
    else refuse("Nous ne pouvons pas vous accueillir ici", arrival.message);
  } finally {
    isReading = false;
  }
});

const camera = cameraOf({
  video: byId("camera", HTMLVideoElement),
  onCode: present,
  isBusy: () => isReading || isFilling(),
  facing: "user", // the visitor stands before the screen
  tell(_, isOpen) {
    if (!isOpen) noteResult("reading", "failed");
    cameraIsOff = !isOpen;
    tellCamera();
  },
});

function tellCamera() {
  if (current() !== "badge") return;
  byId("camera-place").hidden = cameraIsOff;
  partOf(byId("screen"), "[data-do=camera]").hidden = !cameraIsOff;
  if (cameraIsOff) announce("La caméra ne s’ouvre pas. Le lecteur fonctionne aussi.");
}

// --- The way out ---------------------------------------------------------------------------------------
function askPin() {
  leaveHome();
  rules = config()?.kiosk || rules;
  if (station && !rules?.pin_hash) {
    show("refused", { title: "Aucun code n’est fixé", lead: "La borne se quitte avec un code. Un organisateur le fixe dans «\u00a0Entrées\u00a0», «\u00a0Réglages\u00a0»." });
  } else if (!rules?.pin_hash) {
    unlock(page.home);
  } else if (secondsToWait()) {
    sayWait();
  } else {
    show("pin", { title: "Quitter la borne", lead: "Réservé à l’organisation.", does: { submit: checkPin }, fill: readKeys });
  }
}

function readKeys(body) {
  const field = partOf(body, "#pin", HTMLInputElement);
  for (const button of partsOf(body, "[data-digit]")) {
    button.addEventListener("click", () => { field.value = button.dataset.digit ? field.value + button.dataset.digit : ""; });
  }
}

function sayWait() {
  show("refused", { title: "Trop d’essais", lead: `Attendez ${secondsToWait()}\u00a0secondes, puis recommencez.` });
}

async function checkPin(form) {
  const field = partOf(form, "#pin", HTMLInputElement);
  if (!field.value || secondsToWait()) return;
  const right = await isPin(field.value, rules);
  if (!form.isConnected) return;
  field.value = "";
  if (right && station) settings(station);
  else if (right) unlock(page.home);
  else if (secondsToWait()) sayWait();
  else {
    announce("Ce n’est pas le code de la borne.");
    byId("lead").textContent = "Ce n’est pas le code de la borne.";
    field.focus();
  }
}

function settings({ name, door }) {
  const { waiting, toCheck } = counts();
  const kept = waiting + toCheck;
  const words = kept ? `${plural(kept, "passage")} à envoyer.` : "Rien à envoyer.";
  show("settings", {
    title: "Réglages de la borne",
    lead: `${name}, porte ${door}. ${words}`,
    does: {
      quit: () => unlock(page.home),
      submit(form) {
        localStorage.setItem("kiosk-near", partOf(form, "#near", HTMLInputElement).value.trim());
        home();
      },
    },
    fill(body) {
      partOf(body, "#near", HTMLInputElement).value = localStorage.getItem("kiosk-near") || "";
      offerCameras(partOf(body, "[data-cameras]"), camera);
      lookAround();
      drawCheck(body, page.icons);
    },
  });
}

// --- Start ---------------------------------------------------------------------------------------------
// A new version takes over between two visitors, never under one.
const wasKept = Boolean(navigator.serviceWorker?.controller);

function takeOver() {
  if (wasKept && isUpdateReady() && current() === "badge") takeUpdate();
}

async function prepareList() {
  try {
    await loadList();
    if (!config() || contact.answers !== false) await refreshConfig();
    await refreshList();
  } catch (error) {
    if (!isStorageProblem(error)) throw error;
  }
}

function tellNetwork() {
  byId("network").hidden = contact.answers !== false;
}

async function start() {
  lock();
  byId("leave").addEventListener("click", askPin);
  byId("end").addEventListener("click", home);
  wireBar();
  events.addEventListener("contact", tellNetwork);
  events.addEventListener("revoked", () => {
    dropList();
    forgetSeen();
    notEnrolled();
  });
  window.addEventListener("pagehide", forget);
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  tellNetwork();
  const lacking = whatLacks();
  if (lacking) {
    show("closed", { title: lacking[0], lead: lacking[1] });
    return;
  }
  keepPages(page.sw, "/borne", takeOver);
  await serveAlone({ onOther: elsewhere, onLost: elsewhere });
  station = await stationOnceRead(() => {
    show("not-enrolled", { title: "Cette borne n’est pas prête", lead: "La mémoire de cet appareil ne répond pas\u00a0: la borne essaie de nouveau." });
  });
  if (station?.kind !== "kiosk") {
    notEnrolled();
    return;
  }
  keepAwake();
  home();
  listenToReader(present, { isOff: () => document.activeElement?.matches("input, select, textarea") });
  camera.open();
  keepSendingPrintings();
  await prepareList();
  await tryMemory();
  keepSending();
  keepReporting(page.version);
}

start();
