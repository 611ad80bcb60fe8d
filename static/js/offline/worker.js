// The service worker of pages that open without network. The server writes before this text what it
// keeps: PAGE, VERSION and FILES of a device's page, the same for everyone; or STORE, the name of
// what is kept of private pages, and OWN_PAGE, whose first group is the page that an address belongs
// to. It touches no data: what waits to be sent is the page's. It never keeps the API.
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const HEADERS = ["Content-Type", "Content-Security-Policy", "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options"];
const PASSING = /class="notice [^"]*" role=/;
const PATIENCE_MS = 3000;
const REFUSED = [401, 403, 404];
const MOST = 2; // the version before serves pages that are still open

const pages = PAGE ? devicePage(`${PAGE}:`, `${PAGE}:${VERSION}`) : privatePages(`${STORE}-page`, `${STORE}-files`);

worker.addEventListener("install", (event) => event.waitUntil(pages.install()));
worker.addEventListener("activate", (event) => event.waitUntil(pages.activate().then(() => worker.clients.claim())));
worker.addEventListener("message", (event) => event.waitUntil(pages.told(event.data)));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== worker.location.origin) return;
  const answer = pages.answer(event, request, address);
  if (answer) event.respondWith(answer);
});
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(worker.clients.matchAll({ type: "window" }).then((clients) => {
    const { scope } = worker.registration;
    const client = clients.find(({ url }) => url.startsWith(scope));
    return client ? client.focus() : worker.clients.openWindow(scope);
  }));
});

// A device's page and its files, kept as a whole; a newer version waits until the page asks for it.
function devicePage(prefix, name) {
  const options = { ignoreVary: true };
  const find = async (request) => (await caches.open(name)).match(request, options);

  return {
    // All or nothing: what opens without network is whole. Nobody's session goes with the page.
    async install() {
      const requests = [PAGE, ...FILES].map((address) => new Request(address, { cache: "reload", credentials: "omit" }));
      await (await caches.open(name)).addAll(requests);
    },
    async activate() {
      const names = (await caches.keys()).filter((other) => other.startsWith(prefix) && other !== name);
      await Promise.all(names.slice(0, Math.max(0, names.length - MOST + 1)).map((other) => caches.delete(other)));
    },
    async told(message) {
      if (message === "take over") await worker.skipWaiting();
      if (message === "control") await worker.clients.claim();
    },
    answer(_, request, { pathname, search }) {
      if (request.mode === "navigate") return pathname === PAGE ? page(request) : null;
      return FILES.includes(pathname + search) || pathname.startsWith(`${PAGE}/fichiers/`) ? file(request) : null;
    },
  };

  async function page(request) {
    return await find(PAGE) || fetch(request);
  }

  // Ours first; then those of the version before, for a page that is still open.
  async function file(request) {
    return await find(request) || await caches.match(request, options) || fetch(request);
  }
}

// Private pages, each with every file that it names, kept once all its files are: what opens without
// network is whole.
function privatePages(kept, files) {
  let generation = 0;
  const pageOf = (pathname) => pathname.match(OWN_PAGE)?.[1];
  const findKept = (page) => caches.match(page, { cacheName: kept });
  const ask = (page) => fetch(page, { cache: "no-store", credentials: "same-origin", redirect: "manual" });

  return {
    install: () => worker.skipWaiting(),
    activate: async () => {},
    async told({ keep: page, forget }) {
      if (forget) await (forget === "all" ? forgetAll() : forgetPage(forget));
      const asked = generation;
      if (page) await ask(page).then((answer) => settle(page, answer, asked), () => null);
    },
    answer(event, request, { pathname }) {
      const page = pageOf(pathname);
      if (page === pathname) return request.mode === "navigate" ? open(event, page) : refresh(event, page);
      if (pathname.startsWith("/static/")) return file(request);
      return page && request.mode === "navigate" ? elsewhere(request, page) : null;
    },
  };

  // From the network; from the phone when the network is silent, fails or is out of order.
  async function open(event, page) {
    const asked = generation;
    const fetched = fetch(event.request);
    event.waitUntil(fetched.then((answer) => settle(page, answer.clone(), asked), () => null));
    const saved = await findKept(page);
    if (!saved) return fetched;
    const patience = new Promise((done) => setTimeout(done, PATIENCE_MS));
    const answer = await Promise.race([fetched.catch(() => null), patience]);
    return answer && answer.status < 500 ? answer : saved;
  }

  async function refresh(event, page) {
    const asked = generation;
    const answer = await fetch(event.request);
    event.waitUntil(settle(page, answer.clone(), asked));
    return answer;
  }

  async function file(request) {
    return await caches.match(request.url, { cacheName: files }) || fetch(request);
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

  // `asked`: the generation when the page was asked for. What was forgotten since is not kept again.
  async function settle(page, answer, asked, again = false) {
    if (answer.type === "opaqueredirect" || REFUSED.includes(answer.status)) await forgetPage(page);
    else if (answer.status === 200) await keep(page, answer, asked, again);
  }

  async function forgetAll() {
    generation += 1;
    await Promise.all([caches.delete(kept), caches.delete(files)]);
  }

  async function forgetPage(page) {
    generation += 1;
    await (await caches.open(kept)).delete(page);
    await forgetFilesOfNobody();
  }

  async function forgetFilesOfNobody() {
    if (!(await (await caches.open(kept)).keys()).length) await forgetAll();
  }

  async function keep(page, answer, asked, again) {
    const text = await answer.text();
    if (asked !== generation) return null;
    // A passing message (« C'est fait ») is not said again days later.
    if (PASSING.test(text) && !again) return settle(page, await ask(page), asked, true);
    try {
      await keepFiles(page, text);
    } finally {
      if (asked !== generation) await forgetFilesOfNobody();
    }
    const headers = new Headers();
    for (const name of HEADERS) if (answer.headers.has(name)) headers.set(name, answer.headers.get(name));
    const whole = new Response(text.replace("<html ", "<html data-kept "), { headers });
    if (asked !== generation) return null;
    await (await caches.open(kept)).put(page, whole);
    if (asked !== generation) return forgetPage(page);
    for (const client of await worker.clients.matchAll({ type: "window" })) client.postMessage({ kept: page });
    return null;
  }

  function addressesIn(text, base) {
    const pattern = /\/static\/[^"'#\s)<&]+|url\(["']?([^"')#]+)/g;
    return [...text.matchAll(pattern)]
      .map(([whole, inside]) => new URL(inside || whole, new URL(base, worker.location.href)))
      .filter((one) => one.origin === worker.location.origin && one.pathname.startsWith("/static/"))
      .map((one) => one.pathname + one.search);
  }

  // Files have a digest in their address: one that is there is the right one.
  async function keepFiles(page, text) {
    const cache = await caches.open(files);
    const named = new Set();
    const waiting = addressesIn(text, page);
    const saved = await caches.open(kept);
    for (const request of await saved.keys()) {
      if (new URL(request.url).pathname === page) continue;
      const other = await saved.match(request);
      if (other) waiting.push(...addressesIn(await other.text(), page));
    }
    for (let address = waiting.pop(); address; address = waiting.pop()) {
      if (named.has(address)) continue;
      named.add(address);
      let answer = await cache.match(address);
      if (!answer) {
        answer = await fetch(address);
        if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
        await cache.put(address, answer.clone());
      }
      if (address.includes(".css")) waiting.push(...addressesIn(await answer.clone().text(), address));
    }
    for (const request of await cache.keys()) {
      const { pathname, search } = new URL(request.url);
      if (!named.has(pathname + search)) await cache.delete(request);
    }
  }
}
