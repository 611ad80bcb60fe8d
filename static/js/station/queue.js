// The scans of this device, kept until the server has acknowledged each one.
// "waiting": to be sent. "odd": the server refused it; it goes to the conflict inbox, and stays
// here, to be seen, until the server says that it is kept there. No badge code is ever kept: only
// its SHA-256 (a reading that is no badge is kept as it is).
import { uuid } from "../page/identifiers.js";
import { Queue, StoredItems, keepFlushing } from "../offline/queue.js";
import { StorageSilent, isStorageProblem } from "../offline/store.js";
import { ZONE } from "../page/french.js";
import { corrected, fairTime, isAnchored, stamp } from "../offline/clock.js";
import { call, contact, formerStation, readStation } from "./station.js";
import { base } from "./store.js";

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
const items = new StoredItems(base, "scan_id", () => count());

// {waiting, toCheck}, as last counted.
export const counts = () => ({ ...told });

// The number of passages that only this page holds: the device's memory does not answer.
export const unwritten = () => items.unwritten;

const within = (state) => IDBKeyRange.bound([state], [state, []]);

// The oldest items of the queue in that state.
/**
 * @param {string} state
 * @param {number} [most]
 */
export async function inState(state, most) {
  const found = await items.matching((store) => store.index("state").getAll(within(state), most), (item) => item.state === state);
  return found.sort((one, other) => one.at - other.at).slice(0, most);
}

async function countOf(state) {
  if (!items.isBehind) {
    try {
      return await base.reading("queue", (store) => store.index("state").count(within(state)));
    } catch (error) {
      if (!(error instanceof StorageSilent)) throw error;
    }
  }
  return (await inState(state)).length;
}

export async function count() {
  [told.waiting, told.toCheck] = await Promise.all([countOf("waiting"), countOf("odd")]);
  events.dispatchEvent(new Event("counts"));
  return counts();
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
  await items.put(item);
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
  return contact.answers === true && Number(contact.took) < HEALTHY_MS;
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
    await items.put(item);
  } catch (error) {
    if (!isStorageProblem(error)) throw error; // kept already, without the verdict
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
async function acknowledge(scans, results) {
  const settled = scans.filter((scan) => results.has(scan.scan_id));
  const wordOf = (scan) => unheard(scan, results.get(scan.scan_id));
  await items.remove(settled.filter((scan) => !wordOf(scan)));
  for (const scan of settled.filter(wordOf)) {
    const done = scan.let_in ? "Laissé passer" : "Arrêté";
    const problem = `${done} faute de réponse à temps\u00a0; le serveur répondait «\u00a0${wordOf(scan)}\u00a0».`;
    await items.put({ ...scan, state: "odd", problem, unheard: true });
  }
  await count();
  return settled.length > 0;
}

const setAside = (scan, problem) => items.put({ ...scan, state: "odd", problem });

const waiting = new Queue({
  async next() {
    if (!isAnchored()) await call("time");
    if (!isAnchored()) return [];
    const scans = await inState("waiting", BATCH + asking.size);
    return scans.filter((scan) => !asking.has(scan.scan_id)).slice(0, BATCH);
  },
  async send(scans) {
    const answer = await call("scans", { body: { scans: scans.map(asSent) } });
    if (!answer || answer.status >= 500 || LATER.includes(answer.status)) return false;
    if (answer.ok) return acknowledge(scans, new Map(answer.content.results.map((result) => [result.scan_id, result])));
    const wrong = (answer.content.errors || []).filter(({ index }) => scans[index]);
    for (const { index, message } of wrong) await setAside(scans[index], message);
    return wrong.length > 0 || { refused: answer.content.message || `Refus du serveur (${answer.status})` };
  },
  setAside,
});

// `unheard`: the server has the scan, and the device did the contrary of what it did not hear.
function asOddity(scan) {
  const { scan_id, problem, unheard: isUnheard, shown, let_in } = scan;
  const own = isUnheard ? { unheard: { shown, let_in } } : {};
  return { scan_id, sent: JSON.stringify(asSent(scan)), problem, ...own };
}

// What the server refused goes to the organisers' inbox, as it is.
const odd = new Queue({
  next: () => inState("odd", BATCH),
  async send(scans) {
    const answer = await call("oddities", { body: { oddities: scans.map(asOddity) } });
    const kept = scans.filter(({ scan_id }) => answer?.ok && answer.content.kept.includes(scan_id));
    await items.remove(kept);
    return kept.length > 0;
  },
});

// Sends what waits; answers when there is nothing more to do for now.
export async function flush() {
  if (!(await readStation())) return;
  await waiting.flush();
  await odd.flush();
  await count();
  events.dispatchEvent(new Event("flushed"));
}

export function keepSending() {
  return keepFlushing(async () => {
    const { waiting: scans, toCheck } = await count();
    if (scans || toCheck) await flush();
  }, RETRY_MS);
}

// What is kept, as a file that an organiser imports.
export async function exportFile() {
  const [scans, refused] = await Promise.all([inState("waiting"), inState("odd")]);
  const former = formerStation();
  const station = await readStation().catch((error) => { if (!isStorageProblem(error)) throw error; });
  const content = {
    format: "salon-scans-1",
    station: station?.id ?? former?.id ?? null,
    scans: scans.map(asSent),
    oddities: refused.map(asOddity),
  };
  const [day, hour] = new Date(fairTime()).toLocaleString("sv-SE", { timeZone: ZONE }).split(" ");
  const name = `passages-${former?.id ?? "station"}-${day}-${hour.slice(0, 5).replace(":", "h")}.json`;
  return new File([JSON.stringify(content)], name, { type: "application/json" });
}
