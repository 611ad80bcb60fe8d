// Calls to the server.
const PATIENCE_MS = 8000;

export class Refused extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

// A signal that ends a call after a while; AbortSignal.timeout lacks before Safari 16.
/** @param {number} ms */
function timeLimit(ms) {
  if (AbortSignal.timeout) return AbortSignal.timeout(ms);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller.signal;
}

// Never from a cache; a redirection is an error, unless the caller says otherwise.
/**
 * @param {string | URL} address
 * @param {RequestInit & { patience?: number }} [options]
 */
export function request(address, { patience = PATIENCE_MS, ...options } = {}) {
  return fetch(address, { cache: "no-store", redirect: "error", signal: timeLimit(patience), ...options });
}

// Return a function that reads the JSON at an address: null when it did not change. Raises Refused.
/**
 * @param {string} address
 * @param {RequestInit & { patience?: number }} [options]
 */
export function jsonReader(address, options = {}) {
  let stamp = "";
  return async () => {
    const answer = await request(address, { ...options, headers: stamp ? { "If-None-Match": stamp } : {} });
    if (answer.status === 304) return null;
    if (!answer.ok) throw new Refused(answer.status);
    stamp = answer.headers.get("ETag") || "";
    return answer.json();
  };
}

// A page that is seen asks at intervals, and at once when it is seen again.
export function keepFresh(refresh, everyMs) {
  const look = () => { if (!document.hidden) refresh(); };
  setInterval(look, everyMs);
  document.addEventListener("visibilitychange", look);
}
