// The service worker of a station's page: registers it, and says when a newer page is ready.
const CHECK_MS = 600_000;

let registration = null;

// The first version waits a moment too, for nobody.
export const isUpdateReady = () => Boolean(registration?.waiting && registration.active);

// `onReady` is called when a newer version waits. What waits when the page opens takes over at once:
// nobody has read anything yet. Nothing of it touches what the device keeps.
export async function keepPages(address, scope, onReady) {
  if (!navigator.serviceWorker) return;
  const isFirst = !navigator.serviceWorker.controller;
  try {
    registration = await navigator.serviceWorker.register(address, { scope, updateViaCache: "none" });
  } catch {
    registration = (await navigator.serviceWorker.getRegistration(scope)) || null; // no network: the one that is there serves
  }
  if (!registration) return;
  if (isUpdateReady() && !isFirst) takeUpdate();
  registration.addEventListener("updatefound", () => {
    const found = registration.installing;
    found?.addEventListener("statechange", () => { if (isUpdateReady()) onReady(); });
  });
  setInterval(() => registration.update().catch(() => {}), CHECK_MS);
}

// The newer page comes in the place of this one.
export function takeUpdate() {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration?.waiting?.postMessage("take over");
}
