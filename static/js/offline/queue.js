// What a device has to send: each item is kept until the server has settled it.
import { REST_MS, StorageSilent, isStorageProblem } from "./store.js";

// Items in the store « queue » of a base, whose key is `key`. While the base does not answer, the page
// holds what is put and removed, and writes it as soon as the base is back.
export class StoredItems {
  #base;
  #key;
  #mine = new Map(); // put by this page: written again when the browser empties the base
  #unwritten = new Map();
  #removed = new Set();
  #onChange;
  /** @type {ReturnType<typeof setTimeout> | null} */
  #again = null;

  // `onChange` is called when what only the page holds has been written.
  /**
   * @param {import("./store.js").Store} base
   * @param {string} key
   * @param {() => unknown} [onChange]
   */
  constructor(base, key, onChange = () => {}) {
    this.#base = base;
    this.#key = key;
    this.#onChange = onChange;
    base.afterLoss(async () => { for (const item of this.#mine.values()) await this.#write(item); });
  }

  // The number of items that are gone if this page is closed now.
  get unwritten() { return this.#unwritten.size; }

  #write(item) {
    return this.#base.writing("queue", (store) => store.put(item), { strict: true });
  }

  // Whether the base lacks something that this page holds, or holds what is settled.
  get isBehind() { return this.#unwritten.size + this.#removed.size > 0; }

  // Raises StorageFull: the item is not kept.
  async put(item) {
    const key = item[this.#key];
    this.#removed.delete(key);
    try {
      await this.#write(item);
      this.#unwritten.delete(key);
    } catch (error) {
      if (!(error instanceof StorageSilent)) throw error;
      this.#unwritten.set(key, item);
      this.#tryAgain();
    }
    this.#mine.set(key, item);
  }

  #tryAgain() {
    this.#again = this.#again ?? setTimeout(async () => {
      this.#again = null;
      try {
        for (const [key, item] of this.#unwritten) {
          await this.#write(item);
          if (this.#unwritten.get(key) === item) this.#unwritten.delete(key);
        }
        const keys = [...this.#removed];
        if (keys.length) await this.#base.writing("queue", (store) => Promise.all(keys.map((key) => store.delete(key))));
        for (const key of keys) this.#removed.delete(key);
        this.#onChange();
      } catch (error) {
        if (!isStorageProblem(error)) throw error;
        this.#tryAgain();
      }
    }, REST_MS);
  }

  all() {
    return this.matching((store) => store.getAll(), () => true);
  }

  // Items that `read(store)` finds in the base and `isOne(item)` in the page; those of the page alone
  // while the base does not answer.
  async matching(read, isOne) {
    const found = new Map();
    const add = (items) => { for (const item of items) found.set(item[this.#key], item); };
    try {
      add(await this.#base.reading("queue", read));
    } catch (error) {
      if (!(error instanceof StorageSilent)) throw error;
      add(this.#mine.values());
    }
    add(this.#unwritten.values());
    for (const key of this.#removed) found.delete(key);
    return [...found.values()].filter(isOne);
  }

  // Removes items, except those that changed since they were sent: `isSame(kept, item)`.
  /**
   * @param {any[]} items
   * @param {(kept: any, sent: any) => boolean} [isSame]
   */
  async remove(items, isSame = () => true) {
    try {
      await this.#delete(items, isSame);
    } catch (error) {
      if (!(error instanceof StorageSilent)) throw error;
      for (const item of items) this.#forget(item, isSame);
      this.#tryAgain();
    }
  }

  // The base did not answer: what it has of the item goes when it does.
  #forget(item, isSame) {
    const key = item[this.#key];
    const held = this.#mine.get(key);
    if (held && !isSame(held, item)) return;
    this.#mine.delete(key);
    this.#unwritten.delete(key);
    this.#removed.add(key);
  }

  async #delete(items, isSame) {
    await this.#base.writing("queue", (store) => Promise.all(items.map(async (item) => {
      const kept = this.#unwritten.get(item[this.#key]) ?? await store.get(item[this.#key]);
      if (kept && !isSame(kept, item)) return;
      await store.delete(item[this.#key]);
      this.#mine.delete(item[this.#key]);
      this.#unwritten.delete(item[this.#key]);
    })));
  }
}

// The same of few and small items that a page reads at once: an entry of localStorage each.
export const localItems = (prefix, key) => ({
  put: (item) => localStorage.setItem(prefix + item[key], JSON.stringify(item)),
  all: () => Object.keys(localStorage)
    .filter((name) => name.startsWith(prefix))
    .map((name) => JSON.parse(localStorage.getItem(name) ?? "null")),
  remove: (items) => items.forEach((item) => localStorage.removeItem(prefix + item[key])),
});

// Sends items in batches, the oldest first, one sending at a time.
export class Queue {
  /** @type {Promise<void> | null} */
  #flushing = null;
  #isAsked = false;

  // `next()`: the items to send now, none when all is sent. `send(items)`: true when it may go on,
  // false when they must wait, {refused} when the server takes none of them as they are; an item
  // refused alone is set aside: `setAside(item, refused)`.
  /**
   * @param {{
   *   next: () => any[] | Promise<any[]>,
   *   send: (items: any[]) => Promise<boolean | { refused: unknown }>,
   *   setAside?: (item: any, refused: any) => unknown,
   * }} gestures
   */
  constructor({ next, send, setAside }) {
    this.next = next;
    this.send = send;
    this.setAside = setAside;
  }

  // What is asked while it sends is done in the same turn.
  flush() {
    this.#isAsked = true;
    this.#flushing = this.#flushing || this.#drain();
    return this.#flushing;
  }

  async #drain() {
    try {
      let goes = true;
      while (goes && this.#isAsked) {
        this.#isAsked = false;
        goes = await this.#pass();
      }
    } finally {
      this.#flushing = null;
    }
  }

  async #pass() {
    for (;;) {
      const items = await this.next();
      if (!items.length) return true;
      if (!(await this.#offer(items))) return false;
    }
  }

  // Halves what the server refuses, until the item that is wrong is alone.
  async #offer(items) {
    const outcome = await this.send(items);
    if (typeof outcome === "boolean") return outcome;
    if (items.length === 1) {
      await this.setAside?.(items[0], outcome.refused);
      return true;
    }
    const half = items.length >> 1;
    return (await this.#offer(items.slice(0, half))) && this.#offer(items.slice(half));
  }
}

// No event says that a server is back: `flush` is called at intervals, and when the network or the
// page comes back.
export function keepFlushing(flush, everyMs) {
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
  setInterval(flush, everyMs);
  return flush();
}
