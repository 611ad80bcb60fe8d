// Saves each change as it is made, one after the other, and reads what others change meanwhile.
import { Queue } from "../offline/queue.js";
import { Refused, request } from "../page/requests.js";
/** @import { Change, Sheet } from "./sheet.js" */

const EVERY_MS = 5000;
const AGAIN_MS = 3000;
const ANSWER_MS = 60_000;
const RELOAD = "La page est ouverte depuis trop longtemps\u00a0: rechargez-la, puis refaites votre geste.";

export class Sync {
  // `show`: rows(ids), cover(cells), gaps(answer), state(words), refused(message, changes, ids), broken(id, breaks),
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
    setInterval(() => this.poll(), EVERY_MS);
    addEventListener("beforeunload", (event) => { if (this.queue.length) event.preventDefault(); });
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
    this.sender.flush();
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
    const body = { rows: [...change.rows].map(([agent, { after }]) => ({
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
      this.queue.shift();
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
    const agents = new Set(lost.flatMap((one) => [...one.rows.keys()]));
    for (const agent of agents) this.sheet.rows.get(agent).shown = this.sheet.rows.get(agent).saved;
    for (const one of lost) {
      for (const list of ["past", "future"]) this[list] = this[list].filter((other) => other !== one && other !== one.of);
    }
    if (content.rows) this.accept(content);
    this.show.rows([...agents]);
    this.show.refused(content.message, lost, (content.rows || []).map((one) => one.agent));
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
