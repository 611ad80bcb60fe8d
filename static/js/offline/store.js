// An IndexedDB base of this device. A full device raises StorageFull and loses nothing already kept.
import { openDB } from "../../vendor/idb/idb.js";
/** @import { IDBPDatabase } from "../../vendor/idb/idb.js" */

const FULL = ["QuotaExceededError", "UnknownError"];
const CLOSED = ["InvalidStateError", "AbortError"];
const TRIES = 5;
const AGAIN_MS = 100;

export class StorageFull extends Error {}

export class Store {
  #name;
  #create;
  /** @type {Promise<IDBPDatabase> | null} */
  #opening = null;
  #wasOpen = false;
  /** @type {(() => unknown)[]} */
  #losses = [];

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
    this.#opening = this.#opening || this.#connect().catch((error) => {
      this.#opening = null;
      throw FULL.includes(error.name) ? new StorageFull(error.message) : error;
    });
    return this.#opening;
  }

  // A base that has to be made again in the same page was emptied by the browser.
  async #connect() {
    let isNew = false;
    const reopen = () => { this.#open().catch(() => {}); }; // a device that is full says so at the next write
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

  // Runs `work(base)`; again when the connection was closed under it, as when the browser empties
  // the base.
  async use(work, tries = TRIES) {
    try {
      return await work(await this.#open());
    } catch (problem) {
      const error = /** @type {Error} */ (problem);
      if (FULL.includes(error.name)) throw new StorageFull(error.message);
      if (tries <= 1 || !CLOSED.includes(error.name)) throw error;
      this.#opening = null;
      await new Promise((done) => { setTimeout(done, AGAIN_MS); });
      return this.use(work, tries - 1);
    }
  }

  // A read that the browser aborts fails once: the end of its transaction is nobody's concern.
  reading(name, work) {
    return this.use((base) => {
      const transaction = base.transaction(name);
      transaction.done.catch(() => {});
      return work(transaction.store);
    });
  }

  // `strict`: on the disk itself before it answers, so that a flat battery loses nothing.
  writing(name, work, { strict = false } = {}) {
    return this.use(async (base) => {
      const transaction = base.transaction(name, "readwrite", { durability: strict ? "strict" : "relaxed" });
      await Promise.all([work(transaction.store), transaction.done]);
    });
  }

  read(name, key) { return this.reading(name, (store) => store.get(key)); }

  write(name, value, key) { return this.writing(name, (store) => store.put(value, key)); }

  remove(name, key) { return this.use((base) => base.delete(name, key)); }

  clear(name) { return this.use((base) => base.clear(name)); }
}
