// The readings of a stand that the server has not acknowledged yet: a number, the SHA-256 of the
// badge's code, the time, what the stand wrote. Never a code, never a name.
import { openDB } from "../../vendor/idb/idb.js";
import { keepTime } from "../offline/clock.js";

const PATIENCE_MS = 6000;
const BATCH = 20;
const SENT = ["reading_id", "code_hash", "short_code", "read_at", "note", "interest"];

// `page`, `state`: addresses. Events: « result » (detail: one answer), « change » (detail: network
// state: online, offline, out, refused).
export class Queue extends EventTarget {
  #base;
  #page;
  #state;
  #token = null;
  #sending = Promise.resolve();
  #single = false;
  network = "offline";

  constructor(exhibitor, page, state) {
    super();
    this.#page = page;
    this.#state = state;
    this.#base = openDB(`contacts-${exhibitor}`, 1, {
      upgrade(base) { base.createObjectStore("queue", { keyPath: "reading_id" }); },
    });
    this.#base.catch(() => {}); // each use says it again
  }

  async put(item) {
    const writing = (await this.#base).transaction("queue", "readwrite", { durability: "strict" });
    await Promise.all([writing.store.put(item), writing.done]);
  }

  async waiting() {
    return (await this.#base).getAll("queue");
  }

  // Sends what waits, one sending at a time.
  flush() {
    this.#sending = this.#sending.then(() => this.#flush()).catch(() => {});
    return this.#sending;
  }

  async #flush() {
    for (;;) {
      const all = (await this.waiting()).filter((one) => !one.problem);
      const items = all.slice(0, this.#single ? 1 : BATCH);
      if (!items.length) {
        this.#tell(this.network);
        return;
      }
      const answer = await this.send(items);
      if (answer) {
        for (const result of answer.results) {
          const sent = items.find((one) => one.reading_id === result.reading_id);
          if (sent) await this.#settle(sent);
        }
      } else if (this.network === "refused" && items.length > 1) {
        this.#single = true; // one of them is wrong: each goes alone
      } else if (this.network === "refused") {
        await this.put({ ...items[0], problem: true });
        this.#single = false;
      } else {
        return;
      }
    }
  }

  // Gone, unless something was added to it meanwhile.
  async #settle(sent) {
    const writing = (await this.#base).transaction("queue", "readwrite");
    const kept = await writing.store.get(sent.reading_id);
    if (kept && kept.revision === sent.revision) await writing.store.delete(sent.reading_id);
    await writing.done;
  }

  // Posts readings; answers the server's answer, or null when they must wait.
  async send(items, again = true) {
    if (!this.#token && !await this.ask()) return null;
    const readings = items.map((one) => Object.fromEntries(SENT.filter((name) => one[name]).map((name) => [name, one[name]])));
    const answer = await this.#call(this.#page, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.#token },
      body: JSON.stringify({ readings }),
    });
    if (!answer) return null;
    if (answer.ok) {
      const content = await answer.json();
      this.#tell("online");
      for (const result of content.results) this.dispatchEvent(new CustomEvent("result", { detail: result }));
      return content;
    }
    if (answer.status === 400 && again) {
      this.#token = null; // it may be the token of a session that ended
      return this.send(items, false);
    }
    this.#tell(answer.status === 400 ? "refused" : "offline");
    return null;
  }

  // Whether one is still signed in; keeps a token and the time.
  async ask() {
    const sent = performance.now();
    const answer = await this.#call(this.#state, {});
    if (!answer) return false;
    if (!answer.ok) {
      this.#tell(answer.status < 500 ? "out" : "offline");
      return false;
    }
    const { csrf_token: token, now } = await answer.json();
    this.#token = token;
    keepTime(now, sent, { date: answer.headers.get("Date") });
    this.#tell("online");
    return true;
  }

  async #call(address, options) {
    let answer;
    try {
      answer = await fetch(address, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS), ...options });
    } catch {
      this.#tell("offline");
      return null;
    }
    if (answer.type !== "opaqueredirect") return answer;
    this.#token = null;
    this.#tell("out");
    return null;
  }

  #tell(network) {
    this.network = network;
    this.dispatchEvent(new CustomEvent("change", { detail: network }));
  }
}
