// Calls to the server.
const PATIENCE_MS = 8000;

export class Refused extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

// Never from a cache; a redirection is an error, unless the caller says otherwise.
/**
 * @param {string | URL} address
 * @param {RequestInit & { patience?: number }} [options]
 */
export function request(address, { patience = PATIENCE_MS, ...options } = {}) {
  return fetch(address, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(patience), ...options });
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
