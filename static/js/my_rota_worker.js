// Keeps one page on the phone, with every file that it names, so that it opens without network.
// A page is kept once all its files are: what opens offline is whole.
const PAGE = "/planning";
const KEPT = "planning-page";
const FILES = "planning-files";
const PATIENCE_MS = 3000;
const REFUSED = [401, 403, 404];
const HEADERS = ["Content-Type", "Content-Security-Policy", "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options"];
const PASSING = /class="notice [^"]*" role=/;
let generation = 0;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forget());
  if (event.data === "keep") event.waitUntil(ask().then((answer) => settle(answer), () => null));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname === PAGE) event.respondWith(request.mode === "navigate" ? open(event) : refresh(event));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(elsewhere(request));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((pages) => {
    const page = pages.find((one) => new URL(one.url).pathname === PAGE);
    return page ? page.focus() : self.clients.openWindow(PAGE);
  }));
});

function ask() {
  return fetch(PAGE, { cache: "no-store", credentials: "same-origin", redirect: "manual" });
}

// From the network; from the phone when the network is silent, fails or is out of order.
async function open(event) {
  const asked = fetch(event.request);
  event.waitUntil(asked.then((answer) => settle(answer.clone()), () => null));
  const kept = await caches.match(PAGE, { cacheName: KEPT });
  if (!kept) return asked;
  const patience = new Promise((done) => setTimeout(done, PATIENCE_MS));
  const answer = await Promise.race([asked.catch(() => null), patience]);
  return answer && answer.status < 500 ? answer : kept;
}

async function refresh(event) {
  const answer = await fetch(event.request);
  event.waitUntil(settle(answer.clone()));
  return answer;
}

async function file(request) {
  return await caches.match(request.url, { cacheName: FILES }) || fetch(request);
}

// Another page of the agent's: without network, theirs says so.
async function elsewhere(request) {
  try {
    return await fetch(request);
  } catch (error) {
    if (await caches.match(PAGE, { cacheName: KEPT })) return Response.redirect(`${PAGE}?reseau=absent`);
    throw error;
  }
}

async function settle(answer, again = false) {
  if (answer.type === "opaqueredirect" || REFUSED.includes(answer.status)) await forget();
  else if (answer.status === 200) await keep(answer, again);
}

async function forget() {
  generation += 1;
  await Promise.all([caches.delete(KEPT), caches.delete(FILES)]);
}

async function keep(answer, again) {
  const mine = generation;
  const text = await answer.text();
  // A passing message (« C'est fait ») is not said again days later.
  if (PASSING.test(text) && !again) return settle(await ask(), true);
  await keepFiles(text);
  const headers = new Headers();
  for (const name of HEADERS) if (answer.headers.has(name)) headers.set(name, answer.headers.get(name));
  const page = new Response(text.replace("<html ", "<html data-kept "), { headers });
  if (mine !== generation) return null;
  await (await caches.open(KEPT)).put(PAGE, page);
  if (mine !== generation) return forget();
  for (const one of await self.clients.matchAll({ type: "window" })) one.postMessage("kept");
  return null;
}

function addressesIn(text, base) {
  const pattern = /\/static\/[^"'#\s)<&]+|url\(["']?([^"')#]+)/g;
  return [...text.matchAll(pattern)]
    .map(([whole, inside]) => new URL(inside || whole, new URL(base, self.location)))
    .filter((one) => one.origin === self.location.origin && one.pathname.startsWith("/static/"))
    .map((one) => one.pathname + one.search);
}

// Files have a digest in their address: one that is there is the right one.
async function keepFiles(text) {
  const files = await caches.open(FILES);
  const wanted = new Set();
  const waiting = addressesIn(text, PAGE);
  while (waiting.length) {
    const address = waiting.pop();
    if (wanted.has(address)) continue;
    wanted.add(address);
    let found = await files.match(address);
    if (!found) {
      found = await fetch(address);
      if (!found.ok) throw new Error(`${address}: ${found.status}`);
      await files.put(address, found.clone());
    }
    if (address.includes(".css")) waiting.push(...addressesIn(await found.clone().text(), address));
  }
  for (const request of await files.keys()) {
    const { pathname, search } = new URL(request.url);
    if (!wanted.has(pathname + search)) await files.delete(request);
  }
}
