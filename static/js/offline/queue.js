// What a device has to send: each item is kept until the server has settled it.

// Items in the store « queue » of a base, whose key is `key`.
export class StoredItems {
  #base;
  #key;
  #mine = new Map(); // put by this page: written again when the browser empties the base

  constructor(base, key) {
    this.#base = base;
    this.#key = key;
    base.afterLoss(async () => { for (const item of this.#mine.values()) await this.#write(item); });
  }

  #write(item) {
    return this.#base.writing("queue", (store) => store.put(item), { strict: true });
  }

  async put(item) {
    await this.#write(item);
    this.#mine.set(item[this.#key], item);
  }

  all() {
    return this.#base.reading("queue", (store) => store.getAll());
  }

  // Removes items, except those that changed since they were sent: `isSame(kept, item)`.
  /**
   * @param {any[]} items
   * @param {(kept: any, sent: any) => boolean} [isSame]
   */
  async remove(items, isSame = () => true) {
    await this.#base.writing("queue", (store) => Promise.all(items.map(async (item) => {
      const kept = await store.get(item[this.#key]);
      if (kept && !isSame(kept, item)) return;
      await store.delete(item[this.#key]);
      this.#mine.delete(item[this.#key]);
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
