// Counts, hours and names in French, as the server writes them (salon/platform/words/formats.py).
// The time zone of the fair, that its pages name.
export const ZONE = globalThis.document?.documentElement.dataset.timeZone || "Europe/Paris";
/** @type {Intl.DateTimeFormatOptions} */
const TIME = { timeZone: ZONE, hour: "numeric", minute: "2-digit", hourCycle: "h23" };
const HOUR = new Intl.DateTimeFormat("fr-FR", TIME);
const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE });
export const NUMBER = new Intl.NumberFormat("fr-FR");

// « 1 passage », « 3 passages ».
export function plural(count, word, many = `${word}s`) {
  return `${NUMBER.format(count)}\u00a0${count > 1 ? many : word}`;
}

// « 9 h 05 », « 9 h ».
export function hourOf(instant) {
  const { hour, minute } = Object.fromEntries(HOUR.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${Number(hour)}\u00a0h${minute === "00" ? "" : `\u00a0${minute}`}`;
}

// « 2021-10-01 ».
export const dayOf = (instant) => DAY.format(instant);

// Lower case, without accents; what is no letter or digit is a blank.
export function folded(text) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replaceAll("œ", "oe").replaceAll("æ", "ae").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
