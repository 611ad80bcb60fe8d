// An IndexedDB base of this device. A full device raises StorageFull and loses nothing already kept;
// a base that does not answer in time raises StorageSilent, at once until it is tried again.
import { openDB } from "../../vendor/idb/idb.js";
/** @import { IDBPDatabase } from "../../vendor/idb/idb.js" */

const FULL = "QuotaExceededError";
// A connection that closed under the page: WebKit loses its own while the device sleeps, and says UnknownError.
const LOST = ["InvalidStateError", "AbortError", "UnknownError"];
const TRIES = 5;
const AGAIN_MS = 100;
const ANSWER_MS = 2000;
const SILENT_MS = 500; // for a base that did not answer the last time
export const REST_MS = 3000;

export class StorageFull extends Error {}

// The base does not answer, or its connection does not come back: what it holds is still there.
export class StorageSilent extends Error {}

export const isStorageProblem = (error) => error instanceof StorageFull || error instanceof StorageSilent;

function within(ms, promise) {
  let timer;
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new StorageSilent("no answer in time")), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export class Store {
  #name;
  #create;
  /** @type {Promise<IDBPDatabase> | null} */
  #opening = null;
  #wasOpen = false;
  /** @type {(() => unknown)[]} */
  #losses = [];
  #rests = false;
  #wasSilent = false;

  // `create(base)` makes the object stores of version 1.
  constructor(name, create) {
    this.#name = name;
    this.#create = create;
  }

  // `callback` puts back what only the page still knows, after the browser has emptied the base.
  afterLoss(callback) {
    this.#losses.push(callback);
  }

  /** @returns {Promise<IDBPDatabase>} */
  #open() {
    this.#opening = this.#opening || this.#connect();
    return this.#opening;
  }

  // The next request opens a new connection, unless another one did already.
  #drop(opening) {
    opening?.then((base) => base.close()).catch(() => {});
    if (this.#opening === opening) this.#opening = null;
  }

  // A base that has to be made again in the same page was emptied by the browser.
  async #connect() {
    let isNew = false;
    const reopen = () => { // what fails is said at the next request
      const opening = this.#open();
      opening.catch(() => this.#drop(opening));
    };
    const base = await openDB(this.#name, 1, {
      upgrade: (created) => {
        isNew = true;
        this.#create(created);
      },
      blocking: (_, __, { target }) => {
        /** @type {IDBDatabase} */ (target).close();
        this.#opening = null;
        setTimeout(reopen, AGAIN_MS);
      },
      terminated: () => {
        this.#opening = null;
        reopen();
      },
    });
    if (isNew && this.#wasOpen) this.#losses.forEach((callback) => callback());
    this.#wasOpen = true;
    return base;
  }

  // Runs `work(base)`; again on a new connection when it was lost, as when the device slept or the
  // browser emptied the base.
  async use(work, { limit = ANSWER_MS } = {}) {
    if (this.#rests) throw new StorageSilent("not asked again yet");
    try {
      const answer = await within(this.#wasSilent ? Math.min(limit, SILENT_MS) : limit, this.#tried(work));
      this.#wasSilent = false;
      return answer;
    } catch (error) {
      if (error instanceof StorageSilent) {
        this.#drop(this.#opening);
        this.#wasSilent = true;
        this.#rests = true;
        setTimeout(() => { this.#rests = false; }, REST_MS);
      }
      throw error;
    }
  }

  async #tried(work, tries = TRIES) {
    const opening = this.#open();
    try {
      return await work(await opening);
    } catch (problem) {
      const error = /** @type {Error} */ (problem);
      if (!this.#wasOpen || LOST.includes(error.name)) this.#drop(opening);
      if (error.name === FULL) throw new StorageFull(error.message);
      if (!LOST.includes(error.name)) throw error;
      if (tries <= 1) throw new StorageSilent(error.message);
      await new Promise((done) => { setTimeout(done, AGAIN_MS); });
      return this.#tried(work, tries - 1);
    }
  }

  // A read that the browser aborts fails once: the end of its transaction is nobody's concern.
  reading(name, work, { limit = ANSWER_MS } = {}) {
    return this.use((base) => {
      const transaction = base.transaction(name);
      transaction.done.catch(() => {});
      return work(transaction.store);
    }, { limit });
  }

  // `strict`: on the disk itself before it answers, so that a flat battery loses nothing.
  writing(name, work, { strict = false, limit = ANSWER_MS } = {}) {
    return this.use(async (base) => {
      const transaction = base.transaction(name, "readwrite", { durability: strict ? "strict" : "relaxed" });
      await Promise.all([work(transaction.store), transaction.done]);
    }, { limit });
  }

  read(name, key, { limit = ANSWER_MS } = {}) { return this.reading(name, (store) => store.get(key), { limit }); }

  write(name, value, key, { limit = ANSWER_MS } = {}) { return this.writing(name, (store) => store.put(value, key), { limit }); }

  remove(name, key) { return this.use((base) => base.delete(name, key)); }

  clear(name) { return this.use((base) => base.clear(name)); }
}
