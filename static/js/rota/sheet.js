// Rows of agents as lists of shifts. Half hours are numbered over all days; `to` is excluded.
const HALF_HOUR_MS = 30 * 60 * 1000;

/** @typedef {{ stand: number, from: number, to: number, locked: boolean }} Shift */
/** @typedef {{ words: string, rows: Map<number, { before: Shift[], after: Shift[] }>, of?: Change, accepted?: string[] }} Change */

const inTime = (one, other) => one.from - other.from;
const sameShift = (one, other) =>
  one.stand === other.stand && one.from === other.from && one.to === other.to && one.locked === other.locked;
export const sameRow = (one, other) =>
  one.length === other.length && one.every((shift, at) => sameShift(shift, other[at]));
const overlap = (one, other) => one.from < other.to && other.from < one.to;

// In time; what touches on one stand, locked alike, is one shift.
/** @param {Shift[]} shifts */
function tidy(shifts) {
  /** @type {Shift[]} */
  const found = [];
  for (const one of [...shifts].sort(inTime)) {
    const last = found.at(-1);
    if (last && last.to === one.from && last.stand === one.stand && last.locked === one.locked) last.to = one.to;
    else found.push({ ...one });
  }
  return found;
}

// What is left of shifts outside the time of `hole`.
function around(shifts, hole) {
  return shifts.flatMap((one) => (overlap(one, hole)
    ? [{ ...one, to: Math.min(one.to, hole.from) }, { ...one, from: Math.max(one.from, hole.to) }].filter((part) => part.from < part.to)
    : [one]));
}

export class Sheet {
  constructor(state) {
    /** @type {string[]} */
    this.starts = state.starts;
    this.instants = this.starts.map((start) => Date.parse(start));
    /** @type {string[]} */
    this.hours = state.hours;
    /** @type {string[]} */
    this.ends = state.ends;
    /** @type {number} */
    this.usual = state.usual;
    this.number = new Map(this.starts.map((start, t) => [start, t]));
    /** @type {[number, number]} */
    const [first, last] = state.shown; // the half hours of the day, `last` excluded
    this.first = first;
    this.last = last;
    this.isPublished = state.is_published;
    this.removed = state.removed;
    /** @type {Map<number, any>} */
    this.stands = new Map(state.stands.map((one) => [one.id, one]));
    /** @type {Map<number, any>} */
    this.agents = new Map(state.agents.map((one) => [one.id, {
      ...one, away: new Set(one.away), avoided: new Set(one.avoided), held: new Set(one.stands),
    }]));
    /** @type {Map<number, any>} */
    this.rows = new Map();
    for (const row of state.rows) this.take(row);
  }

  // A row as the server has it. `shown` is that, until a change that is not answered yet.
  take(row) {
    const saved = this.read(row.shifts);
    this.rows.set(row.agent, { ...row, saved, shown: saved, published: this.read(row.published) });
  }

  // Shifts as the server or this page writes them: two ways to write one instant.
  read(shifts) {
    return shifts.map((one) => {
      const [begins, ends] = [Date.parse(one.starts_at), Date.parse(one.ends_at)];
      const from = this.instants.findIndex((instant) => instant >= begins);
      const to = this.instants.filter((instant) => instant < ends).length;
      return { stand: one.stand, from: from < 0 ? to : from, to, locked: one.locked };
    }).filter((one) => one.from < one.to).sort(inTime);
  }

  written(shifts) {
    return shifts.map((one) => ({
      stand: one.stand,
      starts_at: this.starts[one.from],
      ends_at: new Date(Date.parse(this.starts[one.to - 1]) + HALF_HOUR_MS).toISOString(),
      locked: one.locked,
    }));
  }

  /** @returns {Shift[]} */
  shifts(agent) { return this.rows.get(agent).shown; }

  at(agent, t) { return this.shifts(agent).find((one) => one.from <= t && t < one.to); }

  others(agent, shift) { return this.shifts(agent).filter((one) => one !== shift); }

  clash(agent, shift, except) { return this.others(agent, except).find((one) => overlap(one, shift)); }

  // The free half hours around `t` (a shift apart): how far a shift may stretch.
  room(agent, t, except) {
    let from = this.first, to = this.last;
    for (const one of this.others(agent, except)) {
      if (one.to <= t) from = Math.max(from, one.to);
      else if (one.from > t) to = Math.min(to, one.from);
    }
    return { from, to };
  }

  // Where an agent most likely goes: a wish, else where they are most, else a stand they may hold.
  likely(agent) {
    const { wished, stands } = this.agents.get(agent);
    const spent = new Map();
    for (const one of this.shifts(agent)) spent.set(one.stand, (spent.get(one.stand) || 0) + one.to - one.from);
    const most = [...spent].sort((one, other) => other[1] - one[1])[0];
    return wished[0] ?? most?.[0] ?? stands[0] ?? [...this.stands.keys()][0];
  }

  span(one) { return `de ${this.hours[one.from]} à ${this.ends[one.to - 1]}`; }

  standName(id) { return this.stands.get(id)?.name || "un autre stand"; }

  words(one) { return `${this.standName(one.stand)}, ${this.span(one)}`; }

  // A change: for each agent, the shifts before and after. `words` say it to people.
  /** @returns {Change} */
  change(words, after) {
    const rows = new Map();
    for (const [agent, shifts] of after) rows.set(agent, { before: this.shifts(agent), after: tidy(shifts) });
    return { words, rows };
  }

  // `shift` (null: a new one) becomes `next` in the row of `to`.
  put(words, agent, shift, next, to = agent) {
    const after = new Map([[agent, this.others(agent, shift)]]);
    after.set(to, [...(after.get(to) || this.shifts(to)), next]);
    return this.change(words, after);
  }

  // The same change on rows that moved meanwhile: what it took away goes, what it brought comes.
  again(changes) {
    const after = new Map();
    for (const { rows } of changes) {
      for (const [agent, { before, after: wanted }] of rows) {
        const gone = before.filter((one) => !wanted.some((other) => sameShift(one, other)));
        const came = wanted.filter((one) => !before.some((other) => sameShift(one, other)));
        let shifts = after.get(agent) || this.shifts(agent);
        shifts = shifts.filter((one) => !gone.some((other) => sameShift(one, other)));
        for (const one of came) shifts = [...around(shifts, one), one];
        after.set(agent, shifts);
      }
    }
    return this.change(changes.map((one) => one.words).join(" "), after);
  }

  get changes() { return [...this.rows.values()].reduce((sum, one) => sum + one.changes, this.removed); }
}
