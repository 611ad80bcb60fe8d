// The fair's time on a device whose own clock may be anything.
// In one page: the server's time at the last answer, and what has gone by since (a monotonic
// clock). Without an answer yet: the device's clock, corrected by the last difference known.
import { read, write } from "./store.js";

const OFFSET = "clock";
const MOVED_MS = 500;
export const WRONG_MS = 120_000;

// Names this page among those that the device opens: monotonic times compare inside one only.
export const session = Array.from(crypto.getRandomValues(new Uint32Array(2)), (one) => one.toString(36)).join("");

let anchor = null;
let offset = 0;
let kept = null;
let device = null;
let hidden = null;

// `text`: the fair's time in an answer; `sent`: performance.now() when it was asked; `date`: the
// server's own clock (the fair's may be moved in a demonstration).
export function keepTime(text, sent, date = null) {
  const from = (sent + performance.now()) / 2;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return;
  const wall = Date.now() - performance.now() + from;
  anchor = { at, from };
  offset = at - wall;
  device = date ? Date.parse(date) + 500 - wall : offset;
  if (kept !== null && Math.abs(offset - kept) < MOVED_MS) return;
  kept = offset;
  // A full device keeps the difference for this page only.
  write("meta", Math.round(offset), OFFSET, { strict: true }).catch(() => {});
}

// Resolved once the last difference known on this device has been read.
export const ready = read("meta", OFFSET).then((known) => {
  if (anchor || known === undefined) return;
  offset = known;
  kept = known;
}, () => {});

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
export function corrected(kept) {
  if (kept.anchored || (!anchor && kept.session === session)) return kept.at;
  if (kept.session === session) return anchor.at + kept.mono - anchor.from;
  return kept.wall + offset;
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
