// The fair's time on a device whose own clock may be anything.
// In one page: the server's time at the last answer, and what has gone by since (a monotonic
// clock). Without an answer yet: the device's clock, corrected by the last difference, which it keeps
// twice: where a page reads it at once, and on the disk itself, which a dead battery does not empty.
import { Store } from "./store.js";

const OFFSET = "clock";
const MOVED_MS = 500;
export const WRONG_MS = 120_000;

// Names this page among those that the device opens: monotonic times compare inside one only.
export const session = Array.from(crypto.getRandomValues(new Uint32Array(2)), (number) => number.toString(36)).join("");

const disk = new Store("clock", (created) => created.createObjectStore("difference"));

/** @type {{ at: number, from: number } | null} */
let anchor = null;
let offset = savedOffset() ?? 0;
/** @type {number | null} */
let onDisk = null;
/** @type {number | null} */
let device = null;
/** @type {{ wall: number, mono: number } | null} */
let hidden = null;

function savedOffset() {
  try {
    const text = localStorage.getItem(OFFSET);
    return text === null ? null : Number(text);
  } catch {
    return null; // a browser that keeps nothing
  }
}

// `text`: the fair's time in an answer; `sent`, `received`: performance.now() when it was asked and
// came; `date`: the server's own clock (the fair's may be moved in a demonstration).
/**
 * @param {string} text
 * @param {number} sent
 * @param {{ received?: number, date?: string | null }} [more]
 */
export function keepTime(text, sent, { received = performance.now(), date = null } = {}) {
  const from = (sent + received) / 2;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return;
  const wall = Date.now() - performance.now() + from;
  anchor = { at, from };
  offset = at - wall;
  device = date ? Date.parse(date) + 500 - wall : offset;
  if (onDisk !== null && Math.abs(offset - onDisk) < MOVED_MS) return;
  onDisk = Math.round(offset);
  // A full device keeps the difference for this page only.
  disk.writing("difference", (store) => store.put(onDisk, OFFSET), { strict: true }).catch(() => {});
  try {
    localStorage.setItem(OFFSET, String(onDisk));
  } catch {
    // The disk has it.
  }
}

// Resolved once the difference that the disk keeps has been read.
export const ready = disk.read("difference", OFFSET).then((difference) => {
  if (anchor || difference === undefined) return;
  offset = difference;
  onDisk = difference;
}, () => {});

export function forgetTime() {
  localStorage.removeItem(OFFSET);
  onDisk = null;
  return disk.remove("difference", OFFSET).catch(() => {});
}

// Milliseconds since 1970, of the fair.
export function fairTime() {
  return anchor ? anchor.at + performance.now() - anchor.from : Date.now() + offset;
}

// The server's clock less the device's, in ms; null until an answer came in this page.
export function clockOffset() {
  return device === null ? null : Math.round(device);
}

// Whether the server's time is known in this page: no scan leaves before, its time could be wrong.
export const isAnchored = () => anchor !== null;

// What is kept of the moment with each scan, so that it can be put right later.
export function stamp() {
  return { at: fairTime(), wall: Date.now(), mono: performance.now(), session, anchored: anchor !== null };
}

// The time of a stamp as well as it is known now.
/** @param {ReturnType<typeof stamp>} stamp */
export function corrected({ at, wall, mono, session: madeIn, anchored }) {
  if (anchored || (!anchor && madeIn === session)) return at;
  return anchor && madeIn === session ? anchor.at + mono - anchor.from : wall + offset;
}

// The monotonic clock stands still while a device sleeps: what its own clock says passed counts.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    hidden = { wall: Date.now(), mono: performance.now() };
  } else if (hidden && anchor) {
    const slept = Date.now() - hidden.wall - (performance.now() - hidden.mono);
    if (slept > 2000) anchor.at += slept;
    hidden = null;
  }
});
