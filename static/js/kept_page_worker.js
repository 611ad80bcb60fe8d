// Keeps private pages on the phone, each with every file that it names, so that they open without
// network. A page is kept once all its files are: what opens offline is whole. The server sets STORE,
// the name of what is kept, and OWN_PAGE, whose first group is the page that an address belongs to.
const KEPT = `${STORE}-page`;
const FILES = `${STORE}-files`;
const PATIENCE_MS = 3000;
const REFUSED = [401, 403, 404];
const HEADERS = ["Content-Type", "Content-Security-Policy", "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options"];
const PASSING = /class="notice [^"]*" role=/;
let generation = 0;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep, forget } = event.data;
  if (forget) event.waitUntil(forget === "all" ? forgetAll() : forgetPage(forget));
  if (keep) event.waitUntil(ask(keep).then((answer) => settle(keep, answer), () => null));
});

const pageOf = (pathname) => pathname.match(OWN_PAGE)?.[1];
const findKept = (page) => caches.match(page, { cacheName: KEPT });

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const page = pageOf(pathname);
  if (page === pathname) event.respondWith(request.mode === "navigate" ? open(event, page) : refresh(event, page));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (page && request.mode === "navigate") event.respondWith(elsewhere(request, page));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((pages) => {
    const { scope } = self.registration;
    const page = pages.find((client) => client.url.startsWith(scope));
    return page ? page.focus() : self.clients.openWindow(scope);
  }));
});

function ask(page) {
  return fetch(page, { cache: "no-store", credentials: "same-origin", redirect: "manual" });
}

// From the network; from the phone when the network is silent, fails or is out of order.
async function open(event, page) {
  const asked = fetch(event.request);
  event.waitUntil(asked.then((answer) => settle(page, answer.clone()), () => null));
  const kept = await findKept(page);
  if (!kept) return asked;
  const patience = new Promise((done) => setTimeout(done, PATIENCE_MS));
  const answer = await Promise.race([asked.catch(() => null), patience]);
  return answer && answer.status < 500 ? answer : kept;
}

async function refresh(event, page) {
  const answer = await fetch(event.request);
  event.waitUntil(settle(page, answer.clone()));
  return answer;
}

async function file(request) {
  return await caches.match(request.url, { cacheName: FILES }) || fetch(request);
}

// Another page of the same owner: without network, theirs says so.
async function elsewhere(request, page) {
  try {
    return await fetch(request);
  } catch (error) {
    if (await findKept(page)) return Response.redirect(`${page}?reseau=absent`);
    throw error;
  }
}

async function settle(page, answer, again = false) {
  if (answer.type === "opaqueredirect" || REFUSED.includes(answer.status)) await forgetPage(page);
  else if (answer.status === 200) await keep(page, answer, again);
}

async function forgetAll() {
  generation += 1;
  await Promise.all([caches.delete(KEPT), caches.delete(FILES)]);
}

async function forgetPage(page) {
  generation += 1;
  const pages = await caches.open(KEPT);
  await pages.delete(page);
  if (!(await pages.keys()).length) await forgetAll();
}

async function keep(page, answer, again) {
  const mine = generation;
  const text = await answer.text();
  // A passing message (« C'est fait ») is not said again days later.
  if (PASSING.test(text) && !again) return settle(page, await ask(page), true);
  await keepFiles(page, text);
  const headers = new Headers();
  for (const name of HEADERS) if (answer.headers.has(name)) headers.set(name, answer.headers.get(name));
  const whole = new Response(text.replace("<html ", "<html data-kept "), { headers });
  if (mine !== generation) return null;
  await (await caches.open(KEPT)).put(page, whole);
  if (mine !== generation) return forgetPage(page);
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage({ kept: page });
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
async function keepFiles(page, text) {
  const files = await caches.open(FILES);
  const wanted = new Set();
  const waiting = addressesIn(text, page);
  const pages = await caches.open(KEPT);
  for (const request of await pages.keys()) {
    if (new URL(request.url).pathname === page) continue;
    const other = await pages.match(request);
    waiting.push(...addressesIn(await other.text(), page));
  }
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
