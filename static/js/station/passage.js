// From what was read to a verdict: judged here, kept here first, and put to the server when its
// answer can be there in time.
import { fairTime, ready } from "../offline/clock.js";
import { codeIn, hashOf } from "./codes.js";
import { find, findNamed, listSize } from "./list.js";
import { judge } from "./judge.js";
import { ask, flush, isHealthy, judgedHere, prepare, record } from "./queue.js";
import { doorNow, noteSeen, seenOf } from "./seen.js";
import { config } from "./station.js";
import { WORDS } from "./words.js";
import { StorageFull } from "../offline/store.js";

const TOLD_BY_MS = 250;
const WITHOUT_LIST_MS = 4000;

// What the last scan adds to what was seen; the next one waits for it, the host does not.
let noting = Promise.resolve();

// A device that cannot write it down still reads the next badge.
function note(...passage) {
  noting = noteSeen(...passage).catch(reportError);
}

// The holder as the page shows them, from a label of the list.
function holderOf(label) {
  if (!label) return null;
  const [category, colour] = config()?.categories[label.category] || [label.category, ""];
  return {
    name: `${label.firstName} ${label.lastName}`.trim(),
    function: label.function,
    on_behalf_of: label.onBehalfOf,
    category,
    colour,
    vip: label.vip,
    needs: label.needs.map((need) => config()?.needs[need] || need),
  };
}

const after = (ms) => new Promise((done) => { setTimeout(done, Math.max(0, ms), null); });

// A reading: {text} of a badge, or {hash, label} of somebody picked by name.
async function understood({ text, hash, label }) {
  if (hash) return { hash, found: await findNamed(hash, label) };
  const code = codeIn(text);
  if (!code) return { hash: null, found: { state: "no_badge" } };
  return { hash: await hashOf(code), found: await find(code) };
}

// {verdict, letIn, word, message, warning?, holder?, from: "server" | "device" | "nowhere"}.
// "nowhere": the device is full and the server silent, the scan is not kept.
export async function pass(reading, doorCode, direction) {
  const started = performance.now();
  await noting;
  const { hash, found } = await understood(reading);
  await ready;
  const at = fairTime();
  const door = doorNow(doorCode);
  const judged = judge(found, { door, direction, at, seen: hash && (await seenOf(hash, door)) }, { rules: config(), words: WORDS });
  const here = { ...judged, holder: holderOf(found.label), from: "device" };
  const asks = hash !== null && (isHealthy() || !listSize());
  const scan = { hash, reading: reading.text, door: doorCode, direction };
  let item;
  try {
    item = await record(asks ? scan : { ...scan, shown: judged.verdict, letIn: judged.letIn });
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    return withoutRoom(scan, here);
  }
  if (!asks) {
    if (hash) note(hash, door, direction, at, judged);
    flush();
    return here;
  }
  const patience = listSize() ? TOLD_BY_MS - (performance.now() - started) : WITHOUT_LIST_MS;
  const result = await Promise.race([ask(item), after(patience)]);
  const answer = result ? { ...here, ...fromServer(result) } : here;
  if (!result) judgedHere(item, judged); // the scan itself is kept already
  note(hash, door, direction, at, answer);
  return answer;
}

function fromServer({ verdict, word, message, warning, holder }) {
  return { verdict, word, message, warning, holder: holder || null, letIn: false, from: "server" };
}

// The device is full: the server is the only place left to keep the scan.
async function withoutRoom(scan, here) {
  const item = await prepare({ ...scan, shown: "", letIn: false });
  const result = await ask(item, WITHOUT_LIST_MS);
  if (result) return { ...here, ...fromServer(result), full: true };
  return { ...here, from: "nowhere", letIn: false };
}

