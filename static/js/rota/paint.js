// Draws rows, cover and what lacks. A cell is written only when what it says changes.
import { make, partOf, partsOf, setText } from "../page/elements.js";
/** @import { Sheet, Shift } from "./sheet.js" */

const WIDE = 3;

export class Painter {
  /**
   * @param {Sheet} sheet
   * @param {HTMLElement} grid
   * @param {HTMLElement} cover
   * @param {HTMLElement} pictures
   */
  constructor(sheet, grid, cover, pictures) {
    this.sheet = sheet;
    this.grid = grid;
    this.pictures = pictures;
    /** @type {Map<number, any>} */
    this.preview = new Map(); // agent → {shifts, ghost, isWrong}: a gesture that is not finished
    /** @type {Map<number, Shift[]>} */
    this.wish = new Map(); // agent → shifts: a gesture that was refused
    /** @type {{ stand: number, from: number, to: number } | null} */
    this.candidates = null; // {stand, from, to}: who could be there then
    this.signed = new WeakMap();
    /** @type {Map<number, any>} */
    this.lines = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.coverCells = new Map();
    for (const cell of partsOf(cover, "[data-at]")) this.coverCells.set(`${cell.dataset.stand} ${cell.dataset.at}`, cell);
    grid.setAttribute("role", "grid");
    for (const line of partsOf(grid, "[data-agent]")) this.adopt(line);
  }

  // The row as the page has it becomes one cell a half hour.
  adopt(line) {
    const agent = Number(line.dataset.agent);
    const cells = [];
    for (let t = this.sheet.first; t < this.sheet.last; t++) {
      const cell = document.createElement("td");
      cell.dataset.t = String(t);
      cell.tabIndex = -1;
      cells.push(cell);
    }
    const [head] = line.children;
    line.replaceChildren(head, ...cells);
    this.lines.set(agent, { line, head, cells });
    if (!this.sheet.agents.get(agent).is_own) for (const cell of cells) cell.setAttribute("aria-readonly", "true");
    this.row(agent);
  }

  // Marks who could be on a stand at a half hour; null: nobody any more.
  light(candidates) {
    this.candidates = candidates;
    for (const agent of this.lines.keys()) this.row(agent);
  }

  cell(agent, t) { return this.lines.get(agent)?.cells[t - this.sheet.first]; }

  row(agent) {
    const { head, cells } = this.lines.get(agent);
    const row = this.sheet.rows.get(agent);
    const drawn = this.preview.get(agent);
    const shifts = drawn?.shifts || row.shown;
    for (let t = this.sheet.first; t < this.sheet.last; t++) {
      this.write(cells[t - this.sheet.first], this.describe(agent, row, shifts, drawn, t));
    }
    const wished = (this.wish.get(agent) || []).filter((one) => one.from < this.sheet.last && one.to > this.sheet.first);
    for (const one of wished) {
      const cell = cells[Math.max(one.from, this.sheet.first) - this.sheet.first];
      const mark = make("span", "rota-wish", "votre geste");
      mark.style.setProperty("--n", String(one.to - one.from));
      cell.append(mark);
      cell.setAttribute("aria-label", `${cell.getAttribute("aria-label")}, votre geste\u00a0: ${this.sheet.words(one)}`);
      this.signed.delete(cell);
    }
    this.head(head, row);
  }

  // What a cell shows (`classes`, `label` over `length` half hours) and what is read of it.
  describe(agent, row, shifts, drawn, t) {
    const { sheet } = this;
    const who = sheet.agents.get(agent);
    const one = shifts.find((shift) => shift.from <= t && t < shift.to);
    const classes = ["rota-cell"], read = [];
    let label = "", length = 0, locked = false;
    const away = who.away.has(t), avoided = who.avoided.has(t);
    if (one) {
      const from = Math.max(one.from, sheet.first), to = Math.min(one.to, sheet.last);
      const stand = sheet.stands.get(one.stand);
      classes.push("is-run", `rota-c${stand ? stand.colour : 0}`);
      if (t === from) {
        [length, locked] = [to - from, one.locked];
        label = length < WIDE ? stand?.tag || "" : sheet.standName(one.stand);
        classes.push("is-first");
      }
      if (t === to - 1) classes.push("is-last");
      if (one.locked) classes.push("is-locked");
      if (drawn && one === drawn.ghost) classes.push("is-held", ...(drawn.isWrong ? ["is-wrong"] : []));
      if (label && !` ${sheet.standName(one.stand)} `.toUpperCase().includes(` ${label} `.toUpperCase())) read.push(label);
      read.push(sheet.words(one), ...(one.locked ? ["verrouillée"] : []));
    } else if (away || avoided) {
      const kind = away ? who.away : who.avoided;
      const starts = (at) => at === sheet.first || !kind.has(at - 1) || shifts.some((shift) => shift.from <= at - 1 && at - 1 < shift.to);
      if (starts(t)) {
        let to = t + 1;
        while (to < sheet.last && kind.has(to) && !shifts.some((shift) => shift.from <= to && to < shift.to)) to++;
        length = to - t;
        label = length < WIDE ? "" : away ? "indisponible" : "évite";
      }
    } else read.push("libre");
    if (away) { classes.push("is-away"); read.push("indisponible"); }
    if (avoided) { classes.push("is-avoided"); read.push("évite si possible"); }
    if (sheet.isPublished) {
      const published = row.published.find((shift) => shift.from <= t && t < shift.to);
      if (published?.stand !== one?.stand) {
        classes.push("is-changed");
        read.push(published ? `publié\u00a0: ${sheet.standName(published.stand)}` : "pas encore publié");
      }
    }
    const wanted = this.candidates;
    if (wanted && wanted.from <= t && t < wanted.to && who.is_own && !one && !away && who.held.has(wanted.stand)) {
      classes.push("is-candidate");
      read.push(`peut tenir ${sheet.standName(wanted.stand)}`);
      if (t === wanted.from) [label, length] = ["peut", 1];
    }
    return { classes: classes.join(" "), label, length, locked, read: [sheet.hours[t], ...read].join(", ") };
  }

  write(cell, { classes, label, length, locked, read }) {
    const sign = `${classes}|${label}|${length}|${locked}|${read}`;
    if (this.signed.get(cell) === sign) return;
    this.signed.set(cell, sign);
    cell.className = classes;
    cell.setAttribute("aria-label", read);
    if (!label && !locked) { if (cell.firstChild) cell.replaceChildren(); return; }
    const span = make("span", length === 1 ? "rota-run rota-run--short" : "rota-run");
    span.style.setProperty("--n", String(length));
    span.append(make("span", "rota-run__text", label));
    if (locked) span.prepend(this.picture("lock"));
    cell.replaceChildren(span);
  }

  picture(name) { return /** @type {Element} */ (partOf(this.pictures, `[data-picture="${name}"] > *`).cloneNode(true)); }

  head(head, row) {
    const waits = row.shown !== row.saved;
    setText(partOf(head, ".rota-load"), row.load);
    head.classList.toggle("is-waiting", waits);
    partOf(head, ".rota-changed").hidden = !this.sheet.isPublished || !row.changes;
    const marks = partOf(head, ".rota-marks");
    const breaks = row.breaks.filter((one) => one.severity !== "info");
    const sign = `${breaks.length}|${breaks[0]?.severity}|${breaks[0]?.words}`;
    if (this.signed.get(marks) === sign) return;
    this.signed.set(marks, sign);
    const words = breaks.slice(0, 1).map(({ severity, words: text }) => {
      const mark = make("span", `rota-mark rota-mark--${severity}`, ` ${text}`);
      mark.prepend(this.picture(severity));
      mark.title = text;
      return mark;
    });
    if (breaks.length > 1) words.push(make("span", "rota-more", `+ ${breaks.length - 1}`));
    marks.replaceChildren(...words);
  }

  cover(cells) {
    for (const one of cells) {
      const cell = this.coverCells.get(`${one.stand} ${this.sheet.number.get(one.at)}`);
      if (!cell) continue;
      cell.className = `rota-cover__cell rota-cover__cell--${one.state}`;
      const [figures, word, read] = partOf(cell, ":first-child").children;
      figures.textContent = one.figures;
      word.textContent = one.word;
      read.textContent = one.words;
    }
  }
}
