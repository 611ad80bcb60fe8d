// The readings of a stand that the server has not acknowledged yet: a number, the SHA-256 of the
// badge's code, the time, what the stand wrote. Never a code, never a name.
import { keepTime } from "../offline/clock.js";
import { Queue, StoredItems } from "../offline/queue.js";
import { Store } from "../offline/store.js";
import { request } from "../page/requests.js";

const PATIENCE_MS = 6000;
const BATCH = 20;
const SENT = ["reading_id", "code_hash", "short_code", "read_at", "note", "interest"];

// `page`, `state`: addresses. Events: « result » (detail: one answer), « change » (detail: network
// state: online, offline, out, refused).
export class Readings extends EventTarget {
  #items;
  #queue;
  #page;
  #state;
  #token = null;
  network = "offline";

  constructor(exhibitor, page, state) {
    super();
    this.#page = page;
    this.#state = state;
    const create = (base) => base.createObjectStore("queue", { keyPath: "reading_id" });
    this.#items = new StoredItems(new Store(`contacts-${exhibitor}`, create), "reading_id");
    this.#queue = new Queue({
      next: () => this.#next(),
      send: (readings) => this.#settle(readings),
      setAside: (reading) => this.put({ ...reading, problem: true }),
    });
  }

  put(reading) {
    return this.#items.put(reading);
  }

  waiting() {
    return this.#items.all();
  }

  flush() {
    return this.#queue.flush().catch(() => {});
  }

  async #next() {
    const readings = (await this.waiting()).filter(({ problem }) => !problem);
    if (!readings.length) this.#tell(this.network);
    return readings.slice(0, BATCH);
  }

  // A reading is gone once it is acknowledged, unless something was added to it meanwhile.
  async #settle(readings) {
    const answer = await this.send(readings);
    if (!answer) return this.network === "refused" && { refused: true };
    const settled = new Set(answer.results.map(({ reading_id }) => reading_id));
    const isSame = (kept, sent) => kept.revision === sent.revision;
    await this.#items.remove(readings.filter(({ reading_id }) => settled.has(reading_id)), isSame);
    return true;
  }

  // Posts readings; answers the server's answer, or null when they must wait.
  async send(items, again = true) {
    if (!this.#token && !await this.ask()) return null;
    const readings = items.map((item) => Object.fromEntries(SENT.filter((name) => item[name]).map((name) => [name, item[name]])));
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
      answer = await request(address, { redirect: "manual", patience: PATIENCE_MS, ...options });
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
