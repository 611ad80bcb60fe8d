// The print station: takes the badges that kiosks ask for, one after the other, prints and says so.
import { keepAwake } from "../page/awake.js";
import { byId, findPart, make } from "../page/elements.js";
import { call, config, events, readStation, refreshConfig } from "../station/station.js";
import { wireEnrolment } from "../station/enrolment.js";
import { emptyPaper, fillPaper, printPaper } from "./badge.js";
import { announce } from "./screens.js";

const EVERY_MS = 3000;
const SHOWN = 5;
const SHOWN_MS = 60_000;
let isPaused = false;
let isBusy = false;
/** @type {string | null} */
let done = null; // printed, not yet told

function say(words) {
  if (byId("said").textContent === words) return;
  byId("said").textContent = words;
  announce(words);
}

function tellWaiting(count) {
  byId("waiting").textContent = count;
  byId("waiting-word").textContent = count > 1 ? "badges en attente" : "badge en attente";
}

async function turn() {
  if (isPaused || isBusy) return;
  isBusy = true;
  try {
    while (!isPaused && (await printNext()));
  } finally {
    isBusy = false;
  }
}

// Whether there may be another one.
async function printNext() {
  if (done !== null && !(await tellDone())) return false;
  const answer = await call("kiosk/print-jobs/next", { body: {} });
  if (!answer?.ok) {
    say(answer ? answer.content.message : "Pas de réponse du salon\u00a0: les badges demandés attendent, l’impression reprendra toute seule.");
    return false;
  }
  tellWaiting(answer.content.waiting);
  const { job } = answer.content;
  if (!job) {
    say("Rien à imprimer.");
    return false;
  }
  const name = `${job.badge.first_name} ${job.badge.last_name}`;
  say(`Impression du badge\u00a0: ${name}.`);
  fillPaper(job.badge, job.badge.payload, job.layout, job.badge.lines);
  await printPaper();
  emptyPaper();
  done = job.id;
  notePrinted(name, job.asked_by);
  return tellDone();
}

async function tellDone() {
  const answer = await call(`kiosk/print-jobs/${done}/done`, { body: {} });
  if (!answer || answer.status >= 500) {
    say("Badge imprimé\u00a0; pas de réponse du salon, il sera noté dès que possible.");
    return false;
  }
  done = null;
  if (answer.ok) tellWaiting(answer.content.waiting);
  else say(answer.content.message);
  return answer.ok;
}

// Who just printed is shown for a minute, to hand the badge over.
function notePrinted(name, asker) {
  const line = make("li", "", `${name}, demandé à «\u00a0${asker}\u00a0»`);
  const list = byId("printed");
  list.prepend(line);
  while (list.children.length > SHOWN) list.lastElementChild?.remove();
  setTimeout(() => { line.remove(); tellNone(); }, SHOWN_MS);
  tellNone();
}

function tellNone() {
  byId("printed-none").hidden = byId("printed").children.length > 0;
}

function notEnrolled() {
  isPaused = true;
  byId("pause").hidden = true;
  say("Cet appareil n’est pas un poste d’impression.");
  const form = findPart(document, "[data-enrolment][hidden]", HTMLFormElement);
  if (form) wireEnrolment(form);
}

async function start() {
  byId("pause").addEventListener("click", () => {
    isPaused = !isPaused;
    byId("pause").setAttribute("aria-pressed", String(isPaused));
    if (isPaused) say("Impression suspendue.");
    else turn();
  });
  events.addEventListener("revoked", notEnrolled);
  const station = await readStation();
  if (station?.kind !== "printer") {
    notEnrolled();
    return;
  }
  keepAwake();
  if (!config()) await refreshConfig();
  setInterval(turn, EVERY_MS);
  await turn();
}

start();
