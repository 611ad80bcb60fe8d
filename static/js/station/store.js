// What a station keeps on the device: the IndexedDB base « station ».
// meta: the station, its configuration. queue: scans not yet acknowledged. list: the badges it
// knows. seen: what passed here. A full device raises StorageFull and loses nothing already kept.
import { openDB } from "../../vendor/idb/idb.js";

const NAME = "station";
const FULL = ["QuotaExceededError", "UnknownError"];
const CLOSED = ["InvalidStateError", "AbortError"];

const TRIES = 5;
const AGAIN_MS = 100;

export class StorageFull extends Error {}

let opening = null;
let wasOpen = false;
const losses = [];

// `callback` puts back what only the page still knows, after the browser has emptied the base.
export function afterLoss(callback) {
  losses.push(callback);
}

export function open() {
  opening = opening || connect().catch((error) => {
    opening = null;
    throw FULL.includes(error.name) ? new StorageFull(error.message) : error;
  });
  return opening;
}

// A base that has to be made again in the same page was emptied by the browser.
async function connect() {
  let isNew = false;
  const base = await openDB(NAME, 1, {
    upgrade(base) {
      isNew = true;
      base.createObjectStore("meta");
      base.createObjectStore("list");
      base.createObjectStore("seen");
      base.createObjectStore("queue", { keyPath: "scan_id" }).createIndex("state", ["state", "at"]);
    },
    blocking(_, __, { target }) {
      target.close();
      opening = null;
      setTimeout(() => { open().catch(() => {}); }, AGAIN_MS);
    },
    terminated() {
      opening = null;
      open().catch(() => {}); // a device that is full says so at the next scan
    },
  });
  if (isNew && wasOpen) losses.forEach((callback) => callback());
  wasOpen = true;
  return base;
}

// Runs `work(base)`; again when the connection was closed under it, as when the browser empties
// the base.
async function use(work, tries = TRIES) {
  try {
    return await work(await open());
  } catch (error) {
    if (FULL.includes(error.name)) throw new StorageFull(error.message);
    if (tries <= 1 || !CLOSED.includes(error.name)) throw error;
    opening = null;
    await new Promise((done) => { setTimeout(done, AGAIN_MS); });
    return use(work, tries - 1);
  }
}

// A read that the browser aborts fails once: the end of its transaction is nobody's concern.
function reading(base, store) {
  const transaction = base.transaction(store);
  transaction.done.catch(() => {});
  return transaction.store;
}

export const read = (store, key) => use((base) => reading(base, store).get(key));
export const remove = (store, key) => use((base) => base.delete(store, key));
export const clear = (store) => use((base) => base.clear(store));

// `strict`: on the disk itself before it answers, so that a flat battery loses nothing.
export function write(store, value, key, { strict = false } = {}) {
  return use(async (base) => {
    const writing = base.transaction(store, "readwrite", { durability: strict ? "strict" : "relaxed" });
    const done = writing.done;
    await Promise.all([writing.store.put(value, key), done]);
  });
}

export function removeMany(store, keys) {
  return use(async (base) => {
    const writing = base.transaction(store, "readwrite");
    await Promise.all([...keys.map((key) => writing.store.delete(key)), writing.done]);
  });
}

export function countOf(state) {
  return use((base) => reading(base, "queue").index("state").count(within(state)));
}

// The oldest items of the queue in that state.
export function inState(state, most) {
  return use((base) => reading(base, "queue").index("state").getAll(within(state), most));
}

function within(state) {
  return IDBKeyRange.bound([state], [state, []]);
}

export async function wipeAll() {
  for (const store of ["meta", "list", "seen", "queue"]) await clear(store);
}
