// The stands being drawn: what is chosen, what was before, what can be done again. Metres.
const STEP = 0.5;
const FIELDS = ["number", "x", "y", "width", "depth", "power_kw", "has_water", "is_accessible", "category", "id"];
let counter = 0;

export const snap = (metres) => Math.round(metres / STEP) * STEP;

export class Layout {
  // `elsewhere`: the numbers of stands of other halls.
  constructor(json, elsewhere) {
    this.elsewhere = elsewhere;
    this.stands = JSON.parse(json).map((one) => ({ ...one, key: `s${counter++}` }));
    this.chosen = new Set();
    /** @type {string[]} */
    this.past = [];
    /** @type {string[]} */
    this.future = [];
  }

  get only() { return this.chosen.size === 1 ? this.find([...this.chosen][0]) : null; }

  get picked() { return this.stands.filter((one) => this.chosen.has(one.key)); }

  find(key) { return this.stands.find((one) => one.key === key); }

  choose(key, more = false) {
    if (!more) this.chosen = new Set(key ? [key] : []);
    else if (!this.chosen.delete(key)) this.chosen.add(key);
  }

  photo() { return JSON.stringify([this.stands, [...this.chosen]]); }

  restore(photo) {
    const [stands, chosen] = JSON.parse(photo);
    this.stands = stands;
    this.chosen = new Set(chosen.filter((key) => this.find(key)));
  }

  // Remembers how it was before a change; `before` when the change was made by steps.
  remember(before = this.photo()) {
    this.past.push(before);
    this.future = [];
  }

  undo() { return this.step(this.past, this.future); }

  redo() { return this.step(this.future, this.past); }

  step(from, to) {
    if (!from.length) return false;
    to.push(this.photo());
    this.restore(from.pop());
    return true;
  }

  add(values) {
    const one = { ...values, id: null, key: `s${counter++}`, number: this.nextNumber(values.number) };
    this.stands.push(one);
    this.choose(one.key);
    return one;
  }

  remove(keys) {
    this.stands = this.stands.filter((one) => !keys.has(one.key));
    this.chosen = new Set();
  }

  // The first number after `number` that no stand has; « A9 » is followed by « A10 ».
  nextNumber(number) {
    const [, start, digits] = /** @type {string[]} */ (/^(.*?)(\d*)$/.exec(number || ""));
    const taken = new Set([...this.stands.map((one) => one.number), ...this.elsewhere]);
    for (let next = Number(digits || 0) + 1; ; next++) if (!taken.has(`${start}${next}`)) return `${start}${next}`;
  }

  rowOf(stand) {
    return this.stands.filter((one) => Math.abs(one.y - stand.y) <= 0.25).sort((one, other) => one.x - other.x);
  }

  get json() {
    return JSON.stringify(this.stands.map((one) => Object.fromEntries(FIELDS.map((name) => [name, one[name]]))));
  }
}
