// One page of a device serves: two of them would each know a part of who passed. Without Web Locks,
// each serves.
const NAME = "station";
const PATIENCE_MS = 1000; // a page that is loaded again waits for the one whose place it takes
let isAside = false;

// Whether another page of this device serves in the place of this one.
export const isSetAside = () => isAside;

// Settles once this page serves. `onOther(serve)`: another one does; `serve()` takes its place, which
// falls to this page too when the other one is closed. `onLost(serve)`: another one took this one's.
/** @param {{ onOther: (serve: () => unknown) => unknown, onLost: (serve: () => unknown) => unknown }} page */
export async function serveAlone({ onOther, onLost }) {
  const { locks } = navigator;
  if (!locks) return;
  await new Promise((served) => {
    const waiting = new AbortController();
    let serves = false;
    /** @param {LockOptions} options */
    const ask = (options) => locks.request(NAME, options, hold).catch(() => {
      if (!serves) return;
      serves = false;
      isAside = true;
      onLost(() => locks.request(NAME, { steal: true }, () => location.reload()));
    });
    const late = setTimeout(() => onOther(() => {
      waiting.abort();
      ask({ steal: true });
    }), PATIENCE_MS);
    const hold = () => {
      clearTimeout(late);
      serves = true;
      served(undefined);
      return new Promise((release) => { addEventListener("pagehide", release, { once: true }); });
    };
    ask({ signal: waiting.signal });
  });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
}
