// The service workers of pages that open without network.
const CHECK_MS = 600_000;

/** @type {ServiceWorkerRegistration | null} */
let registration = null;

/** @type {(address: string, scope: string) => Promise<ServiceWorkerRegistration>} */
const register = (address, scope) => navigator.serviceWorker.register(address, { scope, updateViaCache: "none" });

// --- A device's page -------------------------------------------------------------------------------
// The first version waits a moment too, for nobody.
export const isUpdateReady = () => Boolean(registration?.waiting && registration.active);

// `onReady` is called when a newer version waits. What waits when the page opens takes over at once:
// nobody has read anything yet. Nothing of it touches what the device keeps.
export async function keepPages(address, scope, onReady) {
  if (!navigator.serviceWorker) return;
  const isFirst = !navigator.serviceWorker.controller;
  try {
    registration = await register(address, scope);
  } catch {
    registration = (await navigator.serviceWorker.getRegistration(scope)) || null; // no network: the one that is there serves
  }
  if (!registration) return;
  navigator.serviceWorker.ready.then(askForControl);
  if (isUpdateReady() && !isFirst) takeUpdate();
  const kept = registration;
  kept.addEventListener("updatefound", () => {
    const next = kept.installing;
    next?.addEventListener("statechange", () => { if (isUpdateReady()) onReady(); });
  });
  setInterval(() => kept.update().catch(() => {}), CHECK_MS);
}

// A page that opened while its worker took over was claimed by nobody: without network, what it
// loads later would fail.
function askForControl({ active }) {
  if (!navigator.serviceWorker.controller) active.postMessage("control");
}

// The newer page comes in the place of this one.
export function takeUpdate() {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration?.waiting?.postMessage("take over");
}

// --- A private page --------------------------------------------------------------------------------
// Whether this page came from the device, not from the server.
export const isKept = document.documentElement.hasAttribute("data-kept");

// `onKept` is called once the page is kept in `store`. `isOver`: it is kept no longer.
export async function keepPrivatePage(address, scope, page, { store, onKept, isOver = false }) {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  navigator.serviceWorker.addEventListener("message", ({ data }) => { if (data.kept === page) onKept(); });
  if (isKept) {
    onKept();
    return;
  }
  const { active, waiting, installing } = await register(address, scope);
  const worker = /** @type {ServiceWorker} */ (active || waiting || installing);
  if (isOver) worker.postMessage({ forget: page });
  else if (!navigator.serviceWorker.controller) worker.postMessage({ keep: page });
  else if (await caches.match(page, { cacheName: `${store}-page` })) onKept();
}

export async function forgetPage(scope, page) {
  const { active } = (await navigator.serviceWorker.getRegistration(scope)) || {};
  active?.postMessage({ forget: page });
}
