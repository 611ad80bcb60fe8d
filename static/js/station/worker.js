// The service worker of a station's page: keeps the page and its files, so that it opens without
// network. The server writes PAGE, VERSION and FILES before this text (salon/entrance/shell.py).
// It touches no data: the scans that wait are the page's, in IndexedDB. It never keeps the API.
/* global PAGE, VERSION, FILES */
const NAME = `${PAGE}:`;
const KEPT = NAME + VERSION;
const MOST = 2; // the version before serves pages that are still open

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === PAGE) event.respondWith(page(request));
  } else if (FILES.includes(pathname + search) || pathname.startsWith(`${PAGE}/fichiers/`)) {
    event.respondWith(file(request));
  }
});

// All or nothing: what opens without network is whole. Nobody's session goes with the page.
async function keep() {
  const cache = await caches.open(KEPT);
  const wanted = [PAGE, ...FILES].map((address) => new Request(address, { cache: "reload", credentials: "omit" }));
  await cache.addAll(wanted);
}

async function takeOver() {
  const names = (await caches.keys()).filter((name) => name.startsWith(NAME) && name !== KEPT);
  await Promise.all(names.slice(0, Math.max(0, names.length - MOST + 1)).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(request) {
  const kept = await (await caches.open(KEPT)).match(PAGE, { ignoreVary: true });
  return kept || fetch(request);
}

// Ours first; then those of the version before, for a page that is still open.
async function file(request) {
  const options = { ignoreVary: true };
  const ours = await (await caches.open(KEPT)).match(request, options);
  return ours || (await caches.match(request, options)) || fetch(request);
}
