// Forgets who has gone: 20 seconds without a gesture, the last 8 of them counted aloud.
// « Prendre plus de temps » makes it ten times as long (WCAG 2.2.1).
import { byId } from "../page/elements.js";
import { alarm } from "./screens.js";

const USUAL_S = 20;
const LONG_S = 200;
const COUNTED_S = 8;
const GESTURES = ["pointerdown", "keydown", "input", "focusin", "wheel", "touchmove"];

/** @type {(() => void) | null} */
let onEnd = null;
let limit = USUAL_S;
let left = 0;
let timer = 0;

// Starts, or starts again, waiting for gestures; `end` is called when none came.
export function watch(end) {
  if (!onEnd) setLimit(USUAL_S);
  onEnd = end;
  restart();
}

export function unwatch() {
  clearInterval(timer);
  onEnd = null;
  setLimit(USUAL_S);
  hide();
}

function setLimit(seconds) {
  limit = seconds;
  byId("more-time").setAttribute("aria-pressed", String(seconds === LONG_S));
}

function restart() {
  clearInterval(timer);
  left = limit;
  hide();
  timer = setInterval(tick, 1000);
}

function tick() {
  left -= 1;
  if (left <= 0) {
    const end = onEnd;
    unwatch();
    end?.();
  } else if (left <= COUNTED_S) {
    count();
  }
}

function count() {
  byId("seconds").textContent = String(left);
  if (!byId("countdown").hidden) return;
  byId("countdown").hidden = false;
  alarm(`Sans geste, tout s’efface dans ${COUNTED_S} secondes. Appuyez sur une touche pour rester.`);
}

function hide() {
  byId("countdown").hidden = true;
  alarm("");
}

for (const gesture of GESTURES) {
  document.addEventListener(gesture, () => { if (onEnd) restart(); }, { capture: true, passive: true });
}
byId("more-time").addEventListener("click", () => setLimit(limit === LONG_S ? USUAL_S : LONG_S));
byId("more-time").addEventListener("click", () => { if (onEnd) restart(); });
