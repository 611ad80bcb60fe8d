// Saves each change as it is made, one after the other, and reads what others change meanwhile. What
// waits for the server is kept on the device, and goes on when the page is opened again.
import { Queue, StoredItems } from "../offline/queue.js";
import { Store, isStorageProblem } from "../offline/store.js";
import { uuid } from "../page/identifiers.js";
import { Refused, request } from "../page/requests.js";
/** @import { Change, Sheet } from "./sheet.js" */

const EVERY_MS = 5000;
const AGAIN_MS = 3000;
const ANSWER_MS = 60_000;
const MOVED = "Cette ligne a changé pendant que la page était fermée\u00a0: ce geste n’est pas enregistré.";
const RELOAD = "La page est ouverte depuis trop longtemps\u00a0: rechargez-la, puis refaites votre geste.";

function unkept(error) {
  if (!isStorageProblem(error)) throw error;
}

export class Sync {
  // `show`: rows(ids), cover(cells), gaps(answer), state(words), refused(message, changes, ids, asks), broken(id, breaks),
  // news(ids), stale(), said(words). `busyWith`: the agents whose row is in somebody's hand.
  /**
   * @param {Sheet} sheet
   * @param {any} page Addresses, token, and whether rows are the `same`.
   * @param {any} show
   * @param {() => Set<number>} busyWith
   */
  constructor(sheet, { rows, state, token, same }, show, busyWith) {
    this.sheet = sheet;
    this.addresses = { rows, state };
    this.token = token;
    this.same = same;
    this.show = show;
    this.busyWith = busyWith;
    /** @type {Change[]} */
    this.queue = [];
    this.sender = new Queue({ next: () => this.queue.slice(0, 1), send: ([change]) => this.send(change) });
    /** @type {Change[]} */
    this.past = [];
    /** @type {Change[]} */
    this.future = [];
    this.sent = 0;
    this.items = new StoredItems(new Store(`rota:${rows}`, (base) => base.createObjectStore("queue", { keyPath: "id" })), "id");
    /** @type {Map<Change, string>} */
    this.kept = new Map();
    setInterval(() => this.poll(), EVERY_MS);
    addEventListener("beforeunload", (event) => {
      if (this.items.unwritten || this.queue.some((change) => !this.kept.has(change))) event.preventDefault();
    });
  }

  make(change) {
    this.past.push(change);
    this.future = [];
    this.enter(change);
  }

  enter(change) {
    for (const [agent, { after }] of change.rows) this.sheet.rows.get(agent).shown = after;
    this.queue.push(change);
    this.show.rows([...change.rows.keys()]);
    this.keep(change);
    this.sender.flush();
  }

  // On a full device, the page warns before it is closed.
  async keep(change) {
    if (this.kept.has(change)) return;
    const rows = [...change.rows].map(([agent, { before, after }]) => (
      { agent, before: this.sheet.written(before), after: this.sheet.written(after) }
    ));
    const id = uuid();
    await this.items.put({ id, at: performance.timeOrigin + performance.now(), words: change.words, rows }).then(() => {
      if (this.queue.includes(change)) this.kept.set(change, id);
      else return this.items.remove([{ id }]);
    }).catch(unkept);
  }

  async drop(changes) {
    const ids = changes.map((change) => ({ id: this.kept.get(change) })).filter(({ id }) => id);
    for (const change of changes) this.kept.delete(change);
    if (ids.length) await this.items.remove(ids).catch(unkept); // a row that is so already is not written again
  }

  // What waited when the page was closed: on a row that is as it was then, it is done; a row that
  // somebody changed meanwhile stays, and the wish is shown.
  async restore() {
    const left = await this.items.all().catch(unkept) ?? [];
    left.sort((one, other) => one.at - other.at);
    /** @type {Change[]} */
    const lost = [];
    /** @type {{ id: string }[]} */
    const settled = [];
    for (const { id, words, rows } of left) {
      const known = rows.filter(({ agent }) => this.sheet.rows.has(agent));
      const change = { words, rows: new Map(known.map((row) => [row.agent, { before: this.sheet.read(row.before), after: this.sheet.read(row.after) }])) };
      const isAt = (side) => [...change.rows].every(([agent, sides]) => this.same(this.sheet.shifts(agent), sides[side]));
      if (known.length === rows.length && !isAt("after") && isAt("before")) {
        this.kept.set(change, id);
        this.make(change);
      } else {
        settled.push({ id });
        if (!isAt("after")) lost.push(change);
      }
    }
    if (settled.length) await this.items.remove(settled).catch(unkept);
    if (lost.length) this.show.refused(MOVED, lost, lost.flatMap(({ rows }) => [...rows.keys()]));
  }

  undo() { return this.step(this.past, this.future, true); }

  redo() { return this.step(this.future, this.past, false); }

  step(from, to, backwards) {
    const change = from.pop();
    if (!change) return null;
    const rows = new Map();
    for (const [agent, { before, after }] of change.rows) {
      rows.set(agent, backwards ? { before: after, after: before } : { before, after });
      if (!this.same(this.sheet.shifts(agent), rows.get(agent).before)) {
        this.show.said(`La ligne de ${this.sheet.agents.get(agent).name} a changé depuis\u00a0: ce geste ne peut plus être ${backwards ? "annulé" : "rétabli"}.`);
        this.show.state();
        return null;
      }
    }
    to.push(change);
    this.enter({ words: change.words, rows, of: change });
    return change;
  }

  async send(change) {
    this.show.state();
    const body = { accepted: change.accepted, rows: [...change.rows].map(([agent, { after }]) => ({
      agent, version: this.sheet.rows.get(agent).version, shifts: this.sheet.written(after),
    })) };
    let status, content;
    try {
      const answer = await request(this.addresses.rows, {
        method: "POST", body: JSON.stringify(body), patience: ANSWER_MS,
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      });
      status = answer.status;
      content = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : { message: RELOAD };
    } catch {
      status = 0;
    }
    this.sent++;
    if (!status || status >= 500) {
      this.show.state(true);
      setTimeout(() => this.sender.flush(), AGAIN_MS);
      return false;
    }
    if (status === 200 || this.isThere(change, content)) {
      this.drop(this.queue.splice(0, 1));
      this.accept(content, true);
    } else this.refuse(content);
    this.show.state();
    return true;
  }

  // Whether a refused change is what the server has: it was written, and its answer was lost.
  isThere(change, { rows = [] }) {
    return rows.length === change.rows.size
      && rows.every((row) => this.same(this.sheet.read(row.shifts), change.rows.get(row.agent).after));
  }

  accept(content, isMine = false) {
    const waiting = new Set(this.queue.flatMap((one) => [...one.rows.keys()]));
    for (const row of content.rows) {
      const { shown, breaks } = this.sheet.rows.get(row.agent);
      this.sheet.take(row);
      if (waiting.has(row.agent)) this.sheet.rows.get(row.agent).shown = shown;
      const broken = row.breaks.filter((one) => !breaks.some((other) => other.words === one.words));
      if (isMine && broken.length) this.show.broken(row.agent, broken);
    }
    this.show.rows(content.rows.map((one) => one.agent));
    this.show.cover(content.cover);
    this.show.gaps(content);
  }

  // Nothing of what waits was written: the rows are shown as they are, the wish is kept aside.
  refuse(content) {
    const lost = this.queue.splice(0);
    this.drop(lost);
    const agents = new Set(lost.flatMap((one) => [...one.rows.keys()]));
    for (const agent of agents) this.sheet.rows.get(agent).shown = this.sheet.rows.get(agent).saved;
    for (const one of lost) {
      for (const list of ["past", "future"]) this[list] = this[list].filter((other) => other !== one && other !== one.of);
    }
    if (content.rows) this.accept(content);
    this.show.rows([...agents]);
    this.show.refused(content.message, lost, (content.rows || []).map((one) => one.agent), content.asks);
  }

  async poll() {
    if (document.hidden || this.queue.length) return;
    const before = this.sent;
    try {
      const { rows } = await this.get(this.addresses.state);
      if (Object.keys(rows).length !== this.sheet.rows.size || !Object.keys(rows).every((id) => this.sheet.rows.has(Number(id)))) {
        this.show.stale();
      }
      const changed = Object.keys(rows).map(Number).filter((agent) => this.sheet.rows.has(agent)
        && this.sheet.rows.get(agent).version !== rows[agent] && !this.busyWith().has(agent));
      if (!changed.length) return;
      const content = await this.get(`${this.addresses.rows}?${changed.map((agent) => `agent=${agent}`).join("&")}`);
      // A change made meanwhile is newer than what was read: the next round reads again.
      if (before !== this.sent || this.queue.length || changed.some((agent) => this.busyWith().has(agent))) return;
      this.accept(content);
      this.show.news(changed);
    } catch {
      // The network is away for a moment: the next round asks again.
    }
  }

  async get(address) {
    const answer = await request(address);
    if (!answer.ok) throw new Refused(answer.status);
    return answer.json();
  }
}
