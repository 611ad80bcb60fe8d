// The panel of the selected cell: the same gestures by buttons and lists, for whoever knows no key.
import { byId, closestTo, make, partOf } from "../page/elements.js";
/** @import { Hand } from "./hand.js" */

export class Desk {
  /**
   * @param {HTMLElement} root
   * @param {Hand} hand
   */
  constructor(root, hand) {
    this.root = root;
    this.hand = hand;
    this.who = byId("rota-who");
    this.breaks = byId("rota-breaks");
    this.stand = byId("rota-stand", HTMLSelectElement);
    this.from = byId("rota-from", HTMLSelectElement);
    this.to = byId("rota-to", HTMLSelectElement);
    this.offered = "";
    /** @type {{ severity: string, words: string }[] | null} */
    this.shownBreaks = null;
    const { sheet } = hand;
    const times = Array.from({ length: sheet.last - sheet.first }, (_, at) => sheet.first + at);
    this.from.replaceChildren(...times.map((t) => new Option(sheet.hours[t], String(t))));
    this.to.replaceChildren(...times.map((t) => new Option(sheet.ends[t], String(t + 1))));
    // Above the grid the panel never shrinks: an answer would move the grid under the hand that
    // drags. On a phone it lies over the foot of the grid, and takes no more than it needs. Read
    // when the browser has laid it out anyway: asked for at each move, it lays out the whole page.
    new ResizeObserver(() => {
      const isOver = getComputedStyle(root).position === "sticky";
      root.style.minHeight = isOver ? "" : `${root.offsetHeight}px`;
    }).observe(root);
    root.addEventListener("change", (event) => this.changed(event.target));
    root.addEventListener("click", (event) => {
      const name = closestTo(event.target, "[data-do]")?.dataset.do;
      if (name) this.do(name);
    });
  }

  button(name) { return partOf(this.root, `[data-do="${name}"]`, HTMLButtonElement); }

  do(name) {
    const { hand } = this;
    if (name === "put") {
      const next = { stand: this.chosen ?? hand.sheet.likely(hand.place.agent), from: Number(this.from.value), to: Number(this.to.value), locked: false };
      if (hand.mayEdit() && hand.reshape(null, next)) hand.select(hand.place.agent, next.from, false);
    } else if (name === "undo" || name === "redo") hand.show[name]();
    else hand[name]();
  }

  get chosen() { return this.stand.value ? Number(this.stand.value) : null; }

  changed(field) {
    const { hand } = this;
    const { shift } = hand;
    if (field === this.stand) hand.chooseStand(this.chosen);
    else if (shift && hand.isOwn && (field === this.from || field === this.to)) {
      const next = { ...shift, [field === this.from ? "from" : "to"]: Number(field.value) };
      if (hand.reshape(shift, next)) hand.select(hand.place.agent, next.from, false);
    }
  }

  show() {
    const { hand } = this;
    const { sheet, selected } = hand;
    if (!selected) return;
    const shift = hand.held ? hand.held.next : hand.shift;
    const { agent, t } = selected;
    const who = sheet.agents.get(agent);
    this.who.textContent = `${who.name}, ${shift ? sheet.words(shift) : sheet.hours[t]}${shift?.locked ? ", verrouillée" : ""}`;
    this.offer(who, shift);
    const room = sheet.room(agent, t, null);
    this.from.value = String(shift ? Math.max(shift.from, sheet.first) : t);
    this.to.value = String(shift ? Math.min(shift.to, sheet.last) : Math.min(room.to, t + sheet.usual));
    const off = !who.is_own || Boolean(hand.held);
    for (const field of [this.from, this.to]) field.disabled = off;
    this.button("put").hidden = Boolean(shift);
    this.button("put").disabled = off;
    for (const name of ["lock", "remove"]) {
      this.button(name).hidden = !shift;
      this.button(name).disabled = off;
    }
    partOf(this.button("lock"), ":scope > :last-child").textContent = shift?.locked ? "Déverrouiller" : "Verrouiller";
    this.button("paste").disabled = off || !hand.copied;
    partOf(this.button("clear"), ":scope > :last-child").textContent = ` le brouillon de ${who.name}`;
    this.button("clear").disabled = off || !hand.day(agent).length;
    this.showBreaks(sheet.rows.get(agent).breaks);
  }

  showBreaks(breaks) {
    if (breaks === this.shownBreaks) return;
    this.shownBreaks = breaks;
    this.breaks.replaceChildren(...breaks.map(({ severity, words }) => {
      const line = make("li", `rota-break rota-break--${severity}`);
      line.append(this.hand.painter.picture(severity), ` ${words}`);
      return line;
    }));
  }

  // The agent's stands first; with nothing selected, the list says where new shifts go.
  offer(who, shift) {
    const { sheet, brush } = this.hand;
    const value = String(shift ? shift.stand : brush ?? "");
    this.stand.disabled = Boolean(shift) && !who.is_own;
    const sign = `${who.id} ${shift ? "" : sheet.likely(who.id)}`;
    if (sign === this.offered) { this.stand.value = value; return; }
    this.offered = sign;
    const order = [...sheet.stands.values()].sort((one, other) => Number(who.held.has(other.id)) - Number(who.held.has(one.id)));
    const key = new Map([...sheet.stands.keys()].map((id, at) => [id, at < 9 ? ` (${at + 1})` : ""]));
    const more = (id) => (who.wished.includes(id) ? ", souhaité" : who.held.has(id) ? "" : ", pas prévu");
    const options = order.map((one) => new Option(`${one.name}${key.get(one.id)}${more(one.id)}`, one.id));
    if (!shift) options.unshift(new Option(`Habituel\u00a0: ${sheet.standName(sheet.likely(who.id))}`, ""));
    this.stand.replaceChildren(...options);
    this.stand.value = value;
  }
}
