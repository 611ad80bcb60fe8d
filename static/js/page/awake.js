// The screen stays on while a page that serves alone is seen. The system takes its lock back whenever
// the page is not; WebKit gives the first one after a gesture.
const MOMENTS = ["visibilitychange", "pointerdown", "keydown"];

/** @type {WakeLockSentinel | null} */
let lock = null;
/** @type {boolean | null} */
let wasGiven = null;
let holders = 0;
let isAsking = false;

// Whether the browser keeps the screen on; null: not asked yet.
export const isAwake = () => (navigator.wakeLock ? wasGiven : false);

async function take() {
  if (!holders || isAsking || document.hidden || !navigator.wakeLock || (lock && !lock.released)) return;
  isAsking = true;
  lock = await navigator.wakeLock.request("screen").catch(() => null);
  isAsking = false;
  wasGiven = lock !== null;
  if (!holders) lock?.release();
  else lock?.addEventListener("release", take);
}

// Answers a function that lets the screen go, once nobody else keeps it.
export function keepAwake() {
  holders += 1;
  for (const moment of MOMENTS) document.addEventListener(moment, take);
  take();
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    holders -= 1;
    if (!holders) lock?.release();
  };
}
