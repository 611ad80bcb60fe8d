// The names that this device holds in memory, to find a person without network. They are written
// nowhere: a reload, the end of the station, hours without the server or a page left aside forget them.
import { folded } from "../page/french.js";
import { isNearly } from "./spelling.js";
import { listSerial } from "./list.js";
import { call, contact, events, readStation } from "./station.js";
/** @import { Label } from "./list.js" */

const KINDS = ["scanner", "desk"];
const MOST_FOUND = 20;
const ALONE_MS = 4 * 3600_000; // without an answer of the server
const ASIDE_MS = 15 * 60_000; // in a pocket, or behind another application
const LOOK_MS = 60_000;

/** @typedef {{ words: string, groups: [string, string[][]][], at: number }} RollCall The server's last, see scanner/roll_call.js. */
/** @type {Map<string, { label: Label, words: string[], places: string[] }>} */
let people = new Map();
let serial = 0;
let edition = 0;
/** @type {number | null} */
let asideSince = null;
/** @type {RollCall | null} */
let rollCall = null;

export const knowsNames = () => people.size > 0;
export const countNames = () => people.size;
export const lastRollCall = () => rollCall;

/** @param {RollCall} called */
export function holdRollCall(called) {
  rollCall = called;
}

// The labels that are held, by the first characters of the hash of their code.
export function labelsBy(length) {
  return new Map([...people].map(([hash, { label }]) => [hash.slice(0, length), label]));
}

// Fetches the names, or what the list changed since.
export async function refreshNames() {
  const station = await readStation();
  if (!station || !KINDS.includes(station.kind) || document.hidden) return;
  while (serial < listSerial()) {
    const answer = await call(`names?edition=${edition}&since=${serial}`);
    if (!answer?.ok || answer.content.serial <= serial) return;
    const { content } = answer;
    if (content.edition !== edition) people = new Map();
    for (const [hash, ...label] of content.names) {
      if (label.length) people.set(hash, personOf(label));
      else people.delete(hash);
    }
    ({ edition, serial } = content);
  }
}

function personOf([firstName, lastName, role, onBehalfOf, category, vip, needs]) {
  return { label: { firstName, lastName, function: role, onBehalfOf, category, vip, needs }, words: folded(`${lastName} ${firstName}`).split(" "), places: folded(onBehalfOf).split(" ") };
}

export function forgetNames() {
  people = new Map();
  serial = 0;
  edition = 0;
  rollCall = null;
  events.dispatchEvent(new Event("forgotten"));
}

// [{hash, label}] of those whose name holds each word typed, then of those whose name or place does: as
// a beginning; else nearly the name.
export function findNames(text) {
  const typed = folded(text).split(" ").filter(Boolean);
  const begins = (word, part) => word.startsWith(part);
  const holds = (words, agrees) => typed.every((part) => words.some((word) => agrees(word, part)));
  const named = matching(({ words }) => holds(words, begins));
  const placed = matching(({ words, places }) => !holds(words, begins) && holds([...words, ...places], begins));
  const found = [...named, ...placed];
  return (found.length ? found : matching(({ words }) => holds(words, isNearly))).slice(0, MOST_FOUND);
}

function matching(agrees) {
  const found = [...people].filter(([, person]) => agrees(person)).map(([hash, { label }]) => ({ hash, label }));
  return found.sort((one, other) => `${one.label.lastName} ${one.label.firstName}`.localeCompare(`${other.label.lastName} ${other.label.firstName}`, "fr"));
}

function isAlone() {
  return contact.at === null || performance.now() - contact.at > ALONE_MS;
}

function isAside() {
  return asideSince !== null && performance.now() - asideSince > ASIDE_MS;
}

function look() {
  if (knowsNames() && (isAlone() || isAside())) forgetNames();
}

export function keepNames() {
  setInterval(look, LOOK_MS);
  window.addEventListener("pagehide", forgetNames);
  events.addEventListener("revoked", forgetNames);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      asideSince = performance.now();
      return;
    }
    look();
    asideSince = null;
    refreshNames();
  });
}
