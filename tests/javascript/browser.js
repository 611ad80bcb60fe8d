// What the modules find in a browser and Node lacks: a base on the disk, a small store, a page.
import "../../.vendor-test/node_modules/fake-indexeddb/auto/index.mjs";

const kept = new Map();
const listeners = new Map();

globalThis.localStorage = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, text) => kept.set(name, String(text)),
  removeItem: (name) => kept.delete(name),
};
globalThis.document = {
  hidden: false,
  documentElement: { dataset: {} },
  querySelector: () => null,
  addEventListener: (name, callback) => listeners.set(name, callback),
};
globalThis.reportError = (error) => { throw error; };

// The page is put aside, then seen again.
export function toggle(hidden) {
  document.hidden = hidden;
  listeners.get("visibilitychange")();
}
