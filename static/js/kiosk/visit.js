// One person at the kiosk, from their badge to « Terminer ». All that is known of them is in
// `visit`, dropped as a whole.
import { call, config } from "../station/station.js";
import { fieldOf, make, parse, partOf } from "../page/elements.js";
import { plural } from "../page/french.js";
import { uuid } from "../page/identifiers.js";
import { emptyPaper, fillPaper, printPaper } from "./badge.js";
import { tellErrors, valuesOf } from "./forms.js";
import { notePrinting } from "./printings.js";
import { announce, show, text } from "./screens.js";

const RENEW_MS = 60_000;
const OVER = 410;
const NO_NETWORK = "Sans réseau, la borne ne peut pas le faire. Adressez-vous à l’accueil.";

/** @type {any} */
let visit = null;
let renewing = 0;
/** @type {(message: string) => void} */
let onOver = () => {};

export const isSameBadge = (code) => visit !== null && visit.code === code;

// Begins with what check_in answered; `over` is called when the server says that it is over.
export function begin(arrival, over) {
  forget();
  visit = arrival;
  onOver = over;
  renewing = setInterval(renew, RENEW_MS);
  welcome();
}

export function forget() {
  clearInterval(renewing);
  visit = null;
  emptyPaper();
}

// Calls the server for this visit. null: no answer, or the visit ended meanwhile.
async function ask(path, more = {}) {
  const mine = visit;
  if (!mine?.visit) return null;
  const answer = await call(`kiosk/${path}`, { body: { visit: mine.visit, ...more } });
  if (visit !== mine || !answer) return null;
  if (answer.content.visit) visit.visit = answer.content.visit;
  if (answer.status === OVER) {
    onOver(answer.content.message);
    return null;
  }
  return answer;
}

const renew = () => ask("visits/renew");

function welcome() {
  const { person, message } = visit;
  show("welcome", {
    title: person.greeting,
    lead: message,
    say: `${message} Est-ce bien vous\u00a0: ${person.first_name} ${person.last_name}, ${person.function}, ${person.on_behalf_of}\u00a0?`,
    does: { menu, correct },
    fill(body) {
      text(body, "name", `${person.first_name} ${person.last_name}`);
      text(body, "function", person.function);
      text(body, "from", person.on_behalf_of);
      partOf(body, "[data-do=correct]").hidden = !mayCorrect();
    },
  });
}

// Offline the button stays, and says why it cannot.
const mayCorrect = () => visit.person.correctable !== false;

function menu() {
  show("menu", {
    title: "Que souhaitez-vous faire\u00a0?",
    does: { print, day: showDay, way: showWay, correct },
    fill(body) {
      partOf(body, "[data-do=correct]").hidden = !mayCorrect();
    },
  });
}

function tell(title, lead) {
  show("message", { title, lead, does: { menu } });
}

// --- Correcting ------------------------------------------------------------------------------------
function correct() {
  if (!visit.visit) {
    tell("Correction impossible pour l’instant", NO_NETWORK);
    return;
  }
  const { person } = visit;
  show("correct", {
    title: "Corrigez votre badge",
    lead: "Une faute de frappe dans votre nom\u00a0? Pour un autre nom ou une autre fonction, adressez-vous au bureau d’accueil.",
    does: { welcome, submit: sendCorrection },
    fill(body) {
      const form = partOf(body, "form", HTMLFormElement);
      fieldOf(form, "first_name").value = person.first_name;
      fieldOf(form, "last_name").value = person.last_name;
    },
  });
}

async function sendCorrection(form) {
  announce("Un instant…");
  const mine = visit;
  const answer = await ask("visits/correct", { ...valuesOf(form), version: String(visit.person.version) });
  if (visit !== mine) return;
  if (!answer) {
    tell("La correction n’est pas enregistrée", NO_NETWORK);
  } else if (answer.ok) {
    visit.person = answer.content.person;
    visit.message = "C’est corrigé.";
    welcome();
  } else if (answer.content.errors) {
    tellErrors(form, answer.content.errors, answer.content.message);
  } else {
    tell("La correction n’est pas enregistrée", answer.content.message);
  }
}

// --- Printing ----------------------------------------------------------------------------------------
async function print() {
  const { prints, layout, lines } = config()?.kiosk || { prints: true, layout: "a6" };
  if (prints) {
    printHere(layout, lines);
  } else {
    await printElsewhere();
  }
}

function printHere(layout, lines) {
  const { person, code, hash } = visit;
  fillPaper(person, `${config()?.qr_prefix || ""}${code}`, layout, lines);
  notePrinting(uuid(), hash);
  tell("Votre badge s’imprime", "Prenez-le à la sortie de l’imprimante.");
  printPaper();
}

async function printElsewhere() {
  const mine = visit;
  visit.job = visit.job || uuid();
  const answer = await ask("print-jobs", { job_id: visit.job });
  if (visit !== mine) return;
  if (answer?.ok) {
    visit.job = null;
    const before = answer.content.waiting - 1;
    const wait = before > 0 ? ` ${plural(before, "badge")} avant le vôtre.` : "";
    tell("Votre badge s’imprime", `Prenez-le au poste d’impression, près de l’accueil.${wait}`);
  } else {
    tell("Impression impossible pour l’instant", answer ? answer.content.message : NO_NETWORK);
  }
}

// --- The day, and the way ------------------------------------------------------------------------------
async function readDay(title = "Votre journée n’est pas disponible", words = "Sans réseau, la borne ne la connaît pas. Vos rendez-vous sont sur votre badge en ligne et à l’accueil.") {
  show("wait", { title: "Un instant…" });
  const mine = visit;
  const near = localStorage.getItem("kiosk-near") || "";
  const answer = await ask("visits/day", { near });
  if (visit !== mine) return null;
  if (answer?.ok) return answer.content;
  tell(title, answer ? answer.content.message : words);
  return null;
}

function linesOf(body, name, found) {
  const lines = found.map(({ hour, title, more }) => {
    const line = make("li");
    const parts = [["kiosk-day__hour", hour], ["kiosk-day__title", title], ["kiosk-day__more", more]];
    line.append(...parts.filter(([, words]) => words).map(([className, words]) => make("span", className, `${words} `)));
    return line;
  });
  partOf(body, `[data-list="${name}"]`).replaceChildren(...lines);
  partOf(body, `[data-list="${name}"]`).hidden = !lines.length;
  partOf(body, `[data-empty="${name}"]`).hidden = lines.length > 0;
}

async function showDay() {
  const day = await readDay();
  if (!day) return;
  const count = day.appointments.length;
  const words = count ? `${count}\u00a0rendez-vous à venir.` : "Aucun rendez-vous à venir.";
  show("day", {
    title: "Votre journée",
    lead: words,
    does: { menu },
    fill(body) {
      linesOf(body, "appointments", day.appointments);
      linesOf(body, "talks", day.talks);
    },
  });
}

async function showWay() {
  const day = await readDay("Le plan n’est pas disponible", "Sans réseau, la borne ne sait pas où vous allez. Le plan du salon est affiché à l’entrée.");
  if (!day) return;
  show("way", {
    title: day.way.title,
    lead: day.way.said,
    does: { menu },
    fill(body) {
      const drawn = partOf(parse(day.way.plan), "svg");
      partOf(body, "[data-plan]").append(document.adoptNode(drawn));
    },
  });
}
