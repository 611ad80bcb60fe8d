// The last failures of this device's page, for the organisers: nobody at a door reads a console.
// Imported first by a page, so that it hears what fails while the others load.
const KEPT = "failures";
const MOST = 10;
const OLDEST_MS = 24 * 3600_000;
const LONGEST = 160;
const QUOTED = /"[^"]*"|'[^']*'|`[^`]*`|«[^»]*»|“[^”]*”|‘[^’]*’/g;
const WORD = /^[A-Za-z]?[a-z]{0,23}[.,:;]?$/;
const KIND = /^[A-Z][A-Za-z]{2,40}(?:Error|Exception|Full):?$/; // « TypeError: », « StorageFull »
const PLACE = /\/js\/([a-z_/]+\.js)(?:\?\w*)?:(\d+)/;

/** @typedef {{ message: string, place: string, version: string, count: number, at: number }} Failure `at`: ms of the device. */

/**
 * A message without what it may have taken from a badge: it keeps the plain words of a sentence
 * and the kinds of errors. What is quoted, numbers, names and codes become « … ».
 * @param {string} message
 */
export function anonymous(message) {
  let starts = true;
  const words = message.slice(0, 2000).replace(QUOTED, "…").split(/\s+/).map((word) => {
    const isPlain = KIND.test(word) || (WORD.test(word) && (starts || !/^[A-Z]/.test(word)));
    starts = /[.:]$/.test(word);
    return isPlain ? word : "…";
  });
  return words.join(" ").replace(/…(?: …)+/g, "…").slice(0, LONGEST);
}

/**
 * The module and the line of ours that are named first in a stack or an address: « station/list.js:12 ».
 * @param {string} stack
 */
export function placeIn(stack) {
  const [, module, line] = PLACE.exec(stack) ?? [];
  return module ? `${module}:${line}` : "";
}

/**
 * The failures with one more: the newest first, the same again is counted, ten at most, of one day.
 * @param {Failure[]} failures
 * @param {Failure} failure
 */
export function withFailure(failures, failure) {
  const isSame = (other) => other.message === failure.message && other.place === failure.place && other.version === failure.version;
  const count = failures.filter(isSame).reduce((sum, other) => sum + other.count, failure.count);
  return recent([{ ...failure, count }, ...failures.filter((other) => !isSame(other))], failure.at).slice(0, MOST);
}

const recent = (failures, now) => failures.filter(({ at }) => Math.abs(now - at) < OLDEST_MS);

/** @type {Failure[]} */
let failures = [];

function read() {
  try {
    failures = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch {
    // A browser that keeps nothing: those of this page are known.
  }
  return failures;
}

// As the server takes them: how long ago, whatever this device's clock says.
export function failuresToReport(now = Date.now()) {
  return recent(read(), now).map(({ at, ...failure }) => ({ ...failure, seconds_ago: Math.round(Math.max(0, now - at) / 1000) }));
}

/**
 * @param {unknown} reason
 * @param {string} [where]
 */
function note(reason, where = "") {
  const error = reason instanceof Error || reason instanceof DOMException ? reason : null;
  const message = anonymous(error ? `${error.name}: ${error.message}` : "Error: no message");
  const version = document.querySelector("[data-version]")?.getAttribute("data-version") ?? "";
  failures = withFailure(read(), { message, place: placeIn(error?.stack ?? "") || placeIn(where), version, count: 1, at: Date.now() });
  try {
    localStorage.setItem(KEPT, JSON.stringify(failures));
  } catch {
    // A full device tells them while this page is open.
  }
}

globalThis.addEventListener?.("error", ({ error, filename, lineno }) => note(error, `${filename}:${lineno}`));
globalThis.addEventListener?.("unhandledrejection", ({ reason }) => note(reason));
