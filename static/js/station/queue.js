// The scans of this device, kept until the server has acknowledged each one.
// "waiting": to be sent. "odd": the server refused it; it goes to the conflict inbox, and stays
// here, to be seen, until the server says that it is kept there. No badge code is ever kept: only
// its SHA-256 (a reading that is no badge is kept as it is).
import { uuid } from "../page/identifiers.js";
import { corrected, fairTime, isAnchored, stamp } from "../offline/clock.js";
import { call, contact, formerStation, readStation } from "./station.js";
import { StorageFull, afterLoss, countOf, inState, removeMany, write } from "./store.js";

const BATCH = 100;
const RETRY_MS = 4000;
const LONGEST_READING = 4296;
const HEALTHY_MS = 250;
const LATER = [401, 408, 409, 425, 429];
const LETS_IN = ["accepted", "re_entry"];
const ENTERED = [...LETS_IN, "already_inside"];

export const events = new EventTarget();
const told = { waiting: 0, toCheck: 0 };
const asking = new Set();
const mine = new Map();

// {waiting, toCheck}, as last counted.
export const counts = () => ({ ...told });

export async function count() {
  [told.waiting, told.toCheck] = await Promise.all([countOf("waiting"), countOf("odd")]);
  events.dispatchEvent(new Event("counts"));
  return counts();
}

async function keep(item) {
  await write("queue", item, undefined, { strict: true });
  mine.set(item.scan_id, item);
}

async function drop(items) {
  await removeMany("queue", items.map((one) => one.scan_id));
  items.forEach((one) => mine.delete(one.scan_id));
}

// A scan as the API takes it; also what an organiser imports.
export function asSent(item) {
  const { scan_id, code_hash, code, door, direction, shown, let_in } = item;
  const read = code_hash ? { code_hash } : { code };
  return { scan_id, ...read, scanned_at: instant(corrected(item)), door, direction, shown, let_in };
}

function instant(ms) {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

// Writes a scan on the device, and answers it as kept. `hash`: of a badge's code; else `reading`, what
// was read. `shown`, `letIn`: the verdict given here; empty when the server's is obeyed.
// Raises StorageFull: then the scan is NOT kept.
export async function record(scan) {
  const item = await prepare(scan);
  await keep(item);
  count(); // the strip does not keep the verdict waiting
  return item;
}

export async function prepare({ hash, reading, door, direction, shown = "", letIn = false }) {
  const moment = stamp();
  const read = hash ? { code_hash: hash } : { code: reading.slice(0, LONGEST_READING) };
  const scan_id = uuid();
  return { scan_id, ...read, door, direction, shown, let_in: letIn, state: "waiting", station: (await readStation())?.id ?? null, ...moment };
}

// Whether an answer may be hoped for before the person has passed.
export function isHealthy() {
  return navigator.onLine && contact.answers === true && contact.took < HEALTHY_MS;
}

// Sends one kept scan whose verdict was not given yet; answers the server's, or null.
export async function ask(item, patience) {
  asking.add(item.scan_id);
  try {
    const answer = await call("scans", { body: { scans: [asSent(item)] }, patience });
    const result = answer?.ok ? answer.content.results.find((one) => one.scan_id === item.scan_id) : null;
    if (result) await acknowledge([item], new Map([[item.scan_id, result]]));
    return result || null;
  } finally {
    asking.delete(item.scan_id);
  }
}

// No answer in time: the verdict was given here. The server may yet have heard the question, so
// that it is put again: it answers what it answered then.
export async function judgedHere(item, { verdict, letIn }) {
  Object.assign(item, { shown: verdict, let_in: letIn, doubt: true });
  try {
    await keep(item);
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error; // kept already, without the verdict
  }
}

// What the server answered, unheard, when we did the contrary; else nothing.
function unheard({ doubt, direction, shown, let_in }, { verdict, word }) {
  if (!doubt || direction !== "in") return undefined;
  const isContrary = let_in ? !LETS_IN.includes(verdict) : !ENTERED.includes(shown) && ENTERED.includes(verdict);
  return isContrary ? word : undefined;
}

// What the server has is let go. Whom we let in while it had answered "no" unheard, or stopped while
// it had noted an entry, is told to the organiser: it had recorded a question, not what we did.
async function acknowledge(items, results) {
  const known = items.filter((one) => results.has(one.scan_id));
  const wordOf = (one) => unheard(one, results.get(one.scan_id));
  await drop(known.filter((one) => !wordOf(one)));
  for (const one of known.filter(wordOf)) {
    const done = one.let_in ? "Laissé passer" : "Arrêté";
    await keep({ ...one, state: "odd", problem: `${done} faute de réponse à temps\u00a0; le serveur répondait «\u00a0${wordOf(one)}\u00a0».` });
  }
  await count();
  return known.length > 0;
}

const setAside = (item, problem) => keep({ ...item, state: "odd", problem });

// Sends scans; answers whether to go on.
async function send(items) {
  const answer = await call("scans", { body: { scans: items.map(asSent) } });
  if (!answer || answer.status >= 500 || LATER.includes(answer.status)) return false;
  if (answer.ok) {
    return acknowledge(items, new Map(answer.content.results.map((one) => [one.scan_id, one])));
  }
  const wrong = (answer.content.errors || []).filter(({ index }) => items[index]);
  for (const { index, message } of wrong) await setAside(items[index], message);
  if (wrong.length) return true;
  if (items.length === 1) {
    await setAside(items[0], answer.content.message || `Refus du serveur (${answer.status})`);
    return true;
  }
  const half = items.length >> 1;
  return (await send(items.slice(0, half))) && send(items.slice(half));
}

// What the server refused goes to the organisers' inbox, as it is.
async function handOver() {
  const items = await inState("odd", BATCH);
  if (!items.length) return;
  const oddities = items.map((one) => ({ scan_id: one.scan_id, sent: JSON.stringify(asSent(one)), problem: one.problem }));
  const answer = await call("oddities", { body: { oddities } });
  if (!answer?.ok) return;
  const kept = new Set(answer.content.kept);
  await drop(items.filter((one) => kept.has(one.scan_id)));
}

let flushing = null;

// Sends what waits, in batches; answers when there is nothing more to do for now.
export function flush() {
  flushing = flushing || drain().finally(() => { flushing = null; });
  return flushing;
}

async function drain() {
  if (!(await readStation())) return;
  if (!isAnchored()) await call("time");
  let goes = isAnchored();
  while (goes) {
    const waiting = await inState("waiting", BATCH + asking.size);
    const items = waiting.filter((one) => !asking.has(one.scan_id)).slice(0, BATCH);
    goes = items.length > 0 && (await send(items));
  }
  await handOver();
  await count();
  events.dispatchEvent(new Event("flushed"));
}

// A timer, since no event says that a server is back.
export function keepSending() {
  const again = async () => {
    const { waiting, toCheck } = await count();
    if (waiting || toCheck) await flush();
  };
  window.addEventListener("online", again);
  setInterval(again, RETRY_MS);
  return again();
}

// What is kept, as a file that an organiser imports.
export async function exportFile() {
  const [scans, odd] = await Promise.all([inState("waiting"), inState("odd")]);
  const former = formerStation();
  const content = {
    format: "salon-scans-1",
    station: (await readStation())?.id ?? former?.id ?? null,
    scans: scans.map(asSent),
    oddities: odd.map((one) => ({ scan_id: one.scan_id, sent: JSON.stringify(asSent(one)), problem: one.problem })),
  };
  const [day, hour] = new Date(fairTime()).toLocaleString("sv-SE", { timeZone: "Europe/Paris" }).split(" ");
  const name = `passages-${former?.id ?? "station"}-${day}-${hour.slice(0, 5).replace(":", "h")}.json`;
  return new File([JSON.stringify(content)], name, { type: "application/json" });
}

afterLoss(async () => {
  for (const item of mine.values()) await write("queue", item, undefined, { strict: true });
});
