// What is selected, what is in the hand, and the gestures; pointer, keys and buttons all end here.
/** @import { Painter } from "./paint.js" */
/** @import { Sheet, Shift } from "./sheet.js" */

export class Hand {
  /**
   * @param {Sheet} sheet
   * @param {Painter} painter
   * @param {any} show What the page says and does of it (grid.js).
   */
  constructor(sheet, painter, show) {
    this.sheet = sheet;
    this.painter = painter;
    this.show = show;
    /** @type {{ agent: number, t: number } | null} */
    this.selected = null;
    /** @type {any} */
    this.held = null; // {agent, shift (null: a new one), next, to}
    /** @type {number | null} */
    this.brush = null; // the stand chosen for new shifts; null: the agent's own
    /** @type {{ name: string, shifts: Shift[] } | null} */
    this.copied = null;
  }

  get agents() { return [...this.painter.lines.keys()].filter((agent) => !this.painter.lines.get(agent).line.hidden); }

  // The selected cell, by a gesture that has one.
  get place() { return /** @type {{ agent: number, t: number }} */ (this.selected); }

  get shift() { return this.selected && this.sheet.at(this.selected.agent, this.selected.t); }

  get isOwn() { return Boolean(this.selected) && this.who.is_own; }

  get who() { return this.sheet.agents.get(this.place.agent); }

  // The agents whose row must not change under the hand.
  get busy() { return new Set(this.held ? [this.held.agent, this.held.to] : []); }

  standFor(agent) { return this.brush ?? this.sheet.likely(agent); }

  select(agent, t, focus = true) {
    const before = this.selected && this.painter.cell(this.selected.agent, this.selected.t);
    if (before) before.tabIndex = -1;
    this.selected = { agent, t };
    const cell = this.painter.cell(agent, t);
    cell.tabIndex = 0;
    if (focus) cell.focus({ preventScroll: false });
    this.show.desk();
  }

  // Draws what is in the hand, without doing it yet.
  hold(held) {
    const before = this.busy;
    this.held = held;
    const { sheet, painter } = this;
    painter.preview.clear();
    if (held) {
      const { agent, shift, next, to } = held;
      held.clash = sheet.clash(to, next, shift);
      painter.preview.set(agent, { shifts: sheet.others(agent, shift) });
      const under = painter.preview.get(to)?.shifts || sheet.shifts(to);
      painter.preview.set(to, { shifts: [next, ...under], ghost: next, isWrong: Boolean(held.clash) });
    }
    for (const agent of new Set([...before, ...this.busy])) painter.row(agent);
    this.show.desk();
  }

  take() {
    const { agent, t } = this.place;
    const { shift, sheet } = this;
    if (!this.mayEdit()) return;
    if (shift) {
      this.hold({ agent, shift, next: { ...shift, from: Math.max(shift.from, sheet.first), to: Math.min(shift.to, sheet.last) }, to: agent });
      this.show.said(`Vacation ${sheet.span(this.held.next)} prise, flèches pour déplacer, Entrée pour poser, Échap pour annuler.`);
      return;
    }
    const next = { stand: this.standFor(agent), from: t, to: t + 1, locked: false };
    this.hold({ agent, shift: null, next, to: agent, anchor: t });
    this.show.said(`Nouvelle vacation, ${sheet.words(next)}\u00a0: flèche droite pour l’allonger, Entrée pour poser, Échap pour annuler.`);
  }

  // Moves what is held; a new shift is stretched instead.
  carry(half, rows) {
    const { held, sheet } = this;
    const { next } = held;
    if (held.anchor !== undefined) {
      const room = sheet.room(held.agent, held.anchor, null);
      const end = next.to > held.anchor + 1 || half > 0 ? "to" : "from";
      const moved = { ...next, [end]: next[end] + half };
      moved.from = Math.max(room.from, Math.min(moved.from, held.anchor));
      moved.to = Math.min(room.to, Math.max(moved.to, held.anchor + 1));
      this.hold({ ...held, next: moved });
    } else {
      const own = this.agents.filter((agent) => sheet.agents.get(agent).is_own);
      const at = own.indexOf(held.to) + rows;
      const to = own[Math.max(0, Math.min(own.length - 1, at))];
      const length = next.to - next.from;
      const from = Math.max(sheet.first, Math.min(sheet.last - length, next.from + half));
      this.hold({ ...held, next: { ...next, from, to: from + length }, to });
    }
    this.select(this.held.to, half > 0 && held.anchor !== undefined ? this.held.next.to - 1 : this.held.next.from);
    const where = this.held.to !== held.agent ? `${sheet.agents.get(this.held.to).name}, ` : "";
    this.show.said(`${where}${sheet.span(this.held.next)}${this.held.clash ? `, déjà pris\u00a0: ${sheet.words(this.held.clash)}` : ""}.`);
  }

  // Lays down what is held; answers whether it could.
  drop() {
    const { agent, shift, next, to, clash } = this.held;
    const { sheet } = this;
    const name = sheet.agents.get(to).name;
    if (clash) {
      this.show.said(`À cette heure, ${name} est déjà à ${sheet.words(clash)}\u00a0: choisissez une autre place.`, true);
      return false;
    }
    this.hold(null);
    const isSame = shift && to === agent && next.from === shift.from && next.to === shift.to;
    if (isSame) this.show.said("La vacation reste où elle est.");
    else this.make(sheet.put(`${name}, ${sheet.words(next)}`, agent, shift, next, to), "posée");
    this.select(to, next.from);
    return true;
  }

  cancel() {
    if (!this.held) return;
    const { agent, shift, anchor } = this.held;
    this.hold(null);
    if (shift) this.select(agent, Math.max(shift.from, this.sheet.first));
    else if (anchor !== undefined) this.select(agent, anchor);
    this.show.said("Geste annulé\u00a0: rien n’a changé.");
  }

  make(change, done) {
    this.show.make(change);
    this.show.said(`${change.words}\u00a0: ${done}.`);
  }

  mayEdit() {
    if (this.isOwn) return true;
    if (this.selected) this.show.said(`${this.who.name} n’est pas de votre organisme\u00a0: sa ligne se lit, sans se modifier.`, true);
    return false;
  }

  // `held` with other ends; refused where another shift is.
  reshape(shift, next) {
    const { agent } = this.place;
    const clash = this.sheet.clash(agent, next, shift);
    if (next.from >= next.to) this.show.said("La vacation finirait avant d’avoir commencé\u00a0: corrigez l’heure de fin.", true);
    else if (clash) this.show.said(`${this.who.name} est déjà à ${this.sheet.words(clash)}.`, true);
    else {
      this.make(this.sheet.put(`${this.who.name}, ${this.sheet.words(next)}`, agent, shift, next), shift ? "changée" : "posée");
      return true;
    }
    this.show.desk();
    return false;
  }

  // Moves the end that is nearest to the selected cell by a half hour.
  stretch(half) {
    const { shift, sheet } = this;
    if (!this.mayEdit() || !shift) return;
    const { agent, t } = this.place;
    const toStart = t - shift.from, toEnd = shift.to - 1 - t;
    const end = toStart < toEnd || (toStart === toEnd && half < 0) ? "from" : "to";
    const room = sheet.room(agent, t, shift);
    const next = { ...shift, [end]: shift[end] + half };
    if (next.from < room.from || next.to > room.to || next.from >= next.to) {
      this.show.said(next.from >= next.to ? "Une vacation dure au moins 30 min." : "Il n’y a plus de place de ce côté.");
      return;
    }
    if (this.reshape(shift, next)) this.select(agent, end === "from" ? next.from : next.to - 1);
  }

  chooseStand(stand) {
    const { shift, sheet } = this;
    if (this.held) {
      this.hold({ ...this.held, next: { ...this.held.next, stand } });
      this.show.said(`Au stand ${sheet.standName(stand)}.`);
    } else if (shift && this.isOwn) {
      if (shift.stand !== stand) this.reshape(shift, { ...shift, stand });
    } else {
      this.brush = stand;
      this.show.desk();
      this.show.said(stand === null ? "Les vacations iront au stand habituel de chaque agent." : `Les prochaines vacations iront au stand ${sheet.standName(stand)}.`);
    }
  }

  remove() {
    const { shift, sheet } = this;
    if (!this.mayEdit() || !shift) return;
    const { agent } = this.place;
    this.make(sheet.change(`${this.who.name}, ${sheet.words(shift)}`, [[agent, sheet.others(agent, shift)]]), "supprimée");
  }

  lock() {
    const { shift, sheet } = this;
    if (!this.mayEdit() || !shift) return;
    const next = { ...shift, locked: !shift.locked };
    this.make(sheet.put(`${this.who.name}, ${sheet.words(shift)}`, this.place.agent, shift, next), next.locked ? "verrouillée" : "déverrouillée");
  }

  copy() {
    if (!this.selected) return;
    this.copied = { name: this.who.name, shifts: this.day(this.place.agent) };
    this.show.desk();
    this.show.said(`Ligne de ${this.who.name} copiée\u00a0: choisissez un autre agent, puis V ou «\u00a0Coller\u00a0».`);
  }

  // The day of the selected agent becomes the copied one.
  paste() {
    if (!this.mayEdit()) return;
    if (!this.copied) { this.show.said("Copiez d’abord une ligne\u00a0: C, ou le bouton «\u00a0Copier la ligne\u00a0»."); return; }
    const { agent } = this.place;
    this.make(this.sheet.change(`Ligne de ${this.copied.name} sur celle de ${this.who.name}`, [[agent, [...this.otherDays(agent), ...this.copied.shifts]]]), "collée");
  }

  clear() {
    if (!this.mayEdit()) return;
    const { agent } = this.place;
    this.make(this.sheet.change(`Brouillon de ${this.who.name}`, [[agent, this.otherDays(agent)]]), "vidé, Ctrl+Z pour revenir");
  }

  day(agent) { return this.sheet.shifts(agent).filter((one) => one.from < this.sheet.last && one.to > this.sheet.first); }

  otherDays(agent) { return this.sheet.others(agent, null).filter((one) => one.from >= this.sheet.last || one.to <= this.sheet.first); }

  // Arrows: the cell beside, over visible rows; the name of the agent is left of the first.
  move(half, rows) {
    const { agent, t } = this.place;
    const { agents } = this;
    const to = Math.max(0, Math.min(agents.length - 1, agents.indexOf(agent) + rows));
    this.select(agents[to], Math.max(this.sheet.first, Math.min(this.sheet.last - 1, t + half)));
  }
}
