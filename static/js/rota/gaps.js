// What lacks, one place after another, and who could be there.
import { byId, closestTo, partsOf } from "../page/elements.js";
/** @import { Hand } from "./hand.js" */

const MOST = 5;

/** @typedef {{ stand: number, from: number, to: number, themes: string[], words: string }} Gap */

export class Gaps {
  /**
   * @param {Hand} hand
   * @param {Gap[]} gaps
   */
  constructor(hand, gaps) {
    this.hand = hand;
    this.gaps = gaps;
    this.at = -1;
    /** @type {Gap | null} */
    this.shown = null;
    this.item = byId("rota-gaps");
    this.words = byId("rota-gaps-words");
    this.first = byId("rota-gap-next");
    this.strip = byId("rota-gap");
    this.now = byId("rota-gap-now");
    this.next = byId("rota-gap-after");
    this.first.addEventListener("click", () => {
      this.go(0);
      byId("rota-desk").scrollIntoView({ block: "start" });
      this.next.focus({ preventScroll: true });
    });
    this.next.addEventListener("click", () => this.go((this.at + 1) % this.gaps.length));
    byId("rota-gap-close").addEventListener("click", () => {
      this.close();
      if (hand.selected) hand.select(hand.selected.agent, hand.selected.t);
    });
    byId("rota-cover").addEventListener("click", (event) => {
      const cell = closestTo(event.target, "[data-at]");
      if (cell) this.open(Number(cell.dataset.stand), Number(cell.dataset.at));
    });
    this.update(gaps, this.words.textContent);
  }

  update(gaps, words) {
    this.gaps = gaps;
    this.words.textContent = words;
    const asks = !this.item.classList.contains("rota-summary__item--none");
    this.item.classList.toggle("rota-summary__item--danger", gaps.length > 0);
    this.item.classList.toggle("rota-summary__item--ok", asks && !gaps.length);
    this.first.hidden = !gaps.length;
    this.next.hidden = !gaps.length;
    const { shown } = this;
    if (shown) {
      const same = gaps.findIndex((one) => one.stand === shown.stand && one.from < shown.to && shown.from < one.to);
      if (same < 0) this.close(); else { this.at = same; this.tell(gaps[same]); }
    }
  }

  go(at) {
    this.at = at;
    this.tell(this.gaps[at]);
    const cell = this.hand.painter.coverCells.get(`${this.gaps[at].stand} ${this.gaps[at].from}`);
    const box = cell && closestTo(cell, ".rota-box");
    if (!box) return;
    box.scrollTop = cell.offsetTop - box.clientHeight / 2;
    box.scrollLeft = cell.offsetLeft - box.clientWidth / 2;
  }

  // A half hour of a stand that was clicked: what lacks there, else who could come.
  open(stand, t) {
    const { sheet } = this.hand;
    const gap = this.gaps.find((one) => one.stand === stand && one.from <= t && t < one.to);
    if (gap) this.go(this.gaps.indexOf(gap));
    else this.tell({ stand, from: t, to: t + 1, themes: [], words: `${sheet.standName(stand)}, ${sheet.span({ from: t, to: t + 1 })}` });
  }

  // Those who may hold the stand and are free all that time, who know what lacks, the least busy first.
  able({ stand, from, to, themes }) {
    const { sheet } = this.hand;
    const load = (agent) => sheet.shifts(agent).reduce((sum, one) => sum + one.to - one.from, 0);
    return [...sheet.agents.values()].filter((who) => {
      if (!who.is_own || !who.held.has(stand) || sheet.clash(who.id, { from, to }, null)) return false;
      for (let t = from; t < to; t++) if (who.away.has(t)) return false;
      return !themes.length || themes.some((one) => who.themes.includes(one));
    }).sort((one, other) => load(one.id) - load(other.id));
  }

  /** @param {Gap} gap */
  tell(gap) {
    const { hand } = this;
    for (const cell of partsOf(document, ".rota-cover__cell.is-shown")) cell.classList.remove("is-shown");
    for (let t = gap.from; t < gap.to; t++) hand.painter.coverCells.get(`${gap.stand} ${t}`)?.classList.add("is-shown");
    this.shown = gap;
    const able = this.able(gap);
    const words = document.createElement("span");
    words.textContent = `${gap.words}. ${able.length ? "Peuvent y aller\u00a0:" : "Personne n’est libre tout ce temps\u00a0: raccourcissez une autre vacation, ou baissez le besoin."} `;
    const buttons = able.slice(0, MOST).map((who) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "rota-able";
      button.textContent = who.name;
      button.addEventListener("click", () => this.place(who, gap));
      return button;
    });
    const more = document.createElement("span");
    more.textContent = able.length > MOST ? ` et ${able.length - MOST} de plus` : "";
    this.now.replaceChildren(words, ...buttons, more);
    this.strip.hidden = false;
    hand.painter.light(gap);
  }

  place(who, { stand, from, to }) {
    const { hand } = this;
    const next = { stand, from, to, locked: false };
    hand.make(hand.sheet.put(`${who.name}, ${hand.sheet.words(next)}`, who.id, null, next), "posée");
    hand.select(who.id, from, false);
    hand.painter.cell(who.id, from).scrollIntoView({ block: "nearest", inline: "nearest" });
    this.next.focus({ preventScroll: true });
  }

  close() {
    this.shown = null;
    this.at = -1;
    for (const cell of partsOf(document, ".rota-cover__cell.is-shown")) cell.classList.remove("is-shown");
    this.strip.hidden = true;
    this.hand.painter.light(null);
  }
}
