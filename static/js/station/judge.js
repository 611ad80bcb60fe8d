// The verdict of a scan without network: the rule of salon/entrance/rules/door.py, on what the device
// knows. Both are held to tests/entrance/door_cases.json.
import { dayOf, hourOf } from "../page/french.js";
/** @import { Found } from "./list.js" */
/** @import { Door, Rules } from "./station.js" */

const UNSURE = { passes: "À confirmer, laissez entrer", waits: "À confirmer à l’accueil" };
const UNKNOWN = "Badge absent de la liste de cet appareil. Adressez la personne à l’accueil.";
const LET_IN = "Badge absent de la liste de cet appareil\u00a0: l’organisation vérifiera.";
const RESERVED = "Accès réservé, et badge absent de la liste de cet appareil. Adressez la personne à l’accueil.";
const LETS_IN = ["accepted", "re_entry"];
/** @typedef {Record<string, [string, string]>} Words The word and the sentence of each verdict. */
/** @typedef {{ door: Door, direction: string, at: number, seen: Seen | null }} Passage `at`: ms of the fair; `seen`: what this device saw of the badge. */
/** @typedef {{ inside: boolean, firstAt: number | null, firstDoor: string, lastAt: number }} Seen What this device saw of a badge; times in ms of the fair. */
const COUNTED = ["accepted", "re_entry", "already_inside", "exit"];

// Whether a badge takes a place; one that was not seen out yesterday takes none.
/** @param {Seen | null | undefined} seen @param {number} at */
export const occupies = (seen, at) => Boolean(seen?.inside) && dayOf(seen?.lastAt ?? at) >= dayOf(at);

// The hours that apply (salon/entrance/rules/zones.py, hours_at).
function hoursAt(zone, at) {
  const moment = (text) => text && Date.parse(text);
  // A server or a memory of before knows those of one day.
  const days = (zone.hours ?? [zone]).map((hours) => ({ opens: moment(hours.opens_at), closes: moment(hours.closes_at), early: moment(hours.early_from) }));
  let hours = days[0];
  for (const later of days.slice(1)) {
    const begun = (later.early && at >= later.early) || dayOf(at) >= dayOf(later.opens);
    if (!hours.closes || at < hours.closes || !begun) break;
    hours = later;
  }
  return hours;
}

// Why this badge may not enter the zone now: [reason, words], or null. `label` is missing when the
// device does not know the badge: then hours and places alone are judged here.
function barredFrom(zone, label, at, isInside) {
  const no = (reason, words) => [reason, `${zone.label}\u00a0: ${words}`];
  if (label && zone.admits.length && !zone.admits.includes(label.category)) return no("category", "ce badge n’y entre pas.");
  if (label && zone.vip_only && !label.vip) return no("not_invited", "réservé aux invités d’honneur.");
  const { opens, closes, early } = hoursAt(zone, at);
  if (closes && at >= closes) return no("closed", `fermé depuis ${hourOf(closes)}.`);
  if (opens && at < opens && !(early && at >= early && zone.early_admits.includes(label?.category))) {
    return no("too_early", `ouvert à ce badge à ${hourOf(opens)}.`);
  }
  if (zone.capacity !== null && zone.inside >= zone.capacity && !isInside) {
    return no("full", `complet, ${zone.capacity} places prises.`);
  }
  return null;
}

function barred(door, label, { at, seen }, { rules, words }) {
  if (rules?.closed) return ["cancelled", rules.closed];
  if (label && door.admits.length && !door.admits.includes(label.category)) return ["door", words.not_allowed_here[1]];
  return door.zone ? barredFrom(door.zone, label, at, occupies(seen, at)) : null;
}

// Not everybody enters here: nobody does whose badge this device does not know.
const isReserved = ({ admits, zone }) => admits.length > 0 || Boolean(zone && (zone.admits.length || zone.vip_only));

function verdictOf(found, { direction, at, seen }, refused) {
  if (direction === "out") return "exit";
  if (found.state === "revoked") return "revoked";
  if (refused) return "not_allowed_here";
  if (found.state === "unknown") return "to_confirm";
  if (!seen || seen.firstAt === null) return "accepted";
  return occupies(seen, at) ? "already_inside" : "re_entry";
}

function messageOf(verdict, { seen, at }, letIn, words) {
  if (verdict === "to_confirm") return letIn ? LET_IN : UNKNOWN;
  if (!["already_inside", "re_entry"].includes(verdict) || !seen || seen.firstAt === null) return words[verdict][1];
  const day = dayOf(seen.firstAt) === dayOf(at) ? "" : `le ${dayOf(seen.firstAt).slice(5).split("-").reverse().join("/")} `;
  const when = `${day}à ${hourOf(seen.firstAt)}, porte ${seen.firstDoor}`;
  return verdict === "already_inside" ? `Déjà entré ${when}` : `De retour. Première entrée ${when}`;
}

/**
 * `found`: what list.find answered, or {state: "no_badge"}; a code that is forged is no badge either.
 * @param {Found} found
 * @param {Passage} passage
 * @param {{ rules: Rules | null, words: Words }} fair
 */
export function judge(found, passage, { rules, words }) {
  const { door, direction } = passage;
  if (["no_badge", "forged"].includes(found.state)) return { verdict: "invalid", letIn: false, word: words.invalid[0], message: words.invalid[1] };
  const bar = found.state === "revoked" ? null : barred(door, found.label, passage, { rules, words });
  const refused = bar !== null && (!door.zone || ["door", "cancelled"].includes(bar[0]) || door.zone.strict);
  const verdict = verdictOf(found, passage, refused);
  const reserved = verdict === "to_confirm" && isReserved(door);
  const letIn = LETS_IN.includes(verdict) || (verdict === "to_confirm" && !reserved && Boolean(rules?.lets_unknown_in));
  const word = verdict === "to_confirm" ? UNSURE[letIn ? "passes" : "waits"] : words[verdict][0];
  /** @type {{ verdict: string, letIn: boolean, word: string, message: string, warning?: string }} */
  const judged = { verdict, letIn, word, message: messageOf(verdict, passage, letIn, words) };
  if (reserved) judged.message = RESERVED;
  if (verdict === "revoked" && found.successor && words.replaced) {
    judged.word = words.replaced[0];
    judged.message = words.replaced[1].replace("{}", found.successor.replace(" ", "\u00a0"));
  }
  if (bar && refused && verdict === "not_allowed_here") judged.message = bar[1];
  if (bar && !refused && direction === "in") judged.warning = bar[1];
  return judged;
}

// What is known of a badge once this scan is added (salon.entrance.rules.scans.after_scan).
/**
 * @param {Seen | null} seen
 * @param {{ verdict: string, letIn: boolean }} judged
 * @param {string} direction
 * @param {number} at
 * @param {string} door
 * @returns {Seen | null}
 */
export function afterScan(seen, { verdict, letIn }, direction, at, door) {
  if (!COUNTED.includes(verdict) && !letIn) return seen;
  const entered = direction === "in";
  const known = seen || { inside: entered, firstAt: null, firstDoor: "", lastAt: at };
  const isFirst = entered && (known.firstAt === null || at < known.firstAt);
  const late = at < known.lastAt;
  return {
    inside: late ? known.inside : entered,
    firstAt: isFirst ? at : known.firstAt,
    firstDoor: isFirst ? door : known.firstDoor,
    lastAt: late ? known.lastAt : at,
  };
}
