// What the top of an agent's page says at a moment.
import { dataOf, findPart, partOf, partsOf, setText } from "../page/elements.js";
import { dayOf } from "../page/french.js";

const REMIND_MS = 15 * 60000;
const SOON_MS = 3 * 3600000;

// « Dans 25 min », « Demain », as `wait` of salon/village_day/presenters/my_rota.py.
export function wait(now, start) {
  const days = Math.round((Date.parse(dayOf(start)) - Date.parse(dayOf(now))) / 86400000);
  if (days === 1 && start - now > SOON_MS) return "Demain";
  if (days > 1) return `Dans ${days}\u00a0jours`;
  const all = Math.max(0, Math.ceil((start - now) / 60000));
  const [hours, minutes] = [Math.floor(all / 60), all % 60];
  if (!all) return "Maintenant";
  if (!hours) return `Dans ${minutes}\u00a0min`;
  return `Dans ${hours}\u00a0h${minutes ? `\u00a0${String(minutes).padStart(2, "0")}` : ""}`;
}

function within(element, now) {
  const { from, until } = element.dataset;
  return (!from || Date.parse(from) <= now) && (!until || now < Date.parse(until));
}

// Shows the moment that is on; answers it when it is another one than before.
export function showMoment(now) {
  /** @type {HTMLElement | null} */
  let changed = null;
  for (const card of partsOf(document, "[data-moment][data-shift]")) {
    const on = within(card, now);
    if (on && card.hidden) changed = card;
    card.hidden = !on;
    const waiting = findPart(card, "[data-wait]");
    if (waiting) setText(waiting, wait(now, Date.parse(dataOf(card).starts)));
  }
  for (const one of partsOf(document, "[data-meeting]")) one.hidden = !within(one, now);
  for (const one of partsOf(document, ".my-meeting")) one.classList.toggle("is-past", Date.parse(dataOf(one).until) <= now);
  for (const shift of partsOf(document, ".my-shift")) {
    const past = Date.parse(dataOf(shift).until) <= now;
    shift.classList.toggle("is-now", within(shift, now));
    shift.classList.toggle("is-past", past);
    partOf(shift, "[data-past]").hidden = !past;
    for (const link of partsOf(shift, "[data-ends]")) link.hidden = past;
  }
  return changed;
}

// The card of a shift that begins within a quarter of an hour, once for each shift and hour.
export function reminderDue(now) {
  const card = findPart(document, "[data-moment=soon]:not([hidden])");
  if (!card || Date.parse(dataOf(card).starts) - now > REMIND_MS) return null;
  const key = `planning:told:${card.dataset.shift}:${dataOf(card).starts}`;
  if (localStorage.getItem(key)) return null;
  localStorage.setItem(key, "1");
  return card;
}
