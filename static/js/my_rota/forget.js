// Nothing of an agent's page stays on a shared phone: it goes when they sign out, when the session
// is refused, and when somebody comes to sign in. Two numbers stay: the version that was seen, and
// an arrival not sent yet, which goes when its agent is back.
import { partOf, partsOf } from "../page/elements.js";
import { forgetTime } from "../offline/clock.js";

const KEPT = ["planning-page", "planning-files"];
const STAYS = /^planning:(arrival|seen):/;

export async function forget() {
  await forgetTime();
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("planning:") && !STAYS.test(key)) localStorage.removeItem(key);
  }
  if (!("caches" in window)) return;
  const registration = navigator.serviceWorker && await navigator.serviceWorker.getRegistration("/planning");
  if (registration) {
    if (registration.active) registration.active.postMessage({ forget: "all" });
    await registration.unregister();
  }
  await Promise.all(KEPT.map((name) => caches.delete(name)));
}

function sayGone() {
  const [title, words] = [document.createElement("h1"), document.createElement("p")];
  title.textContent = "Planning effacé de ce téléphone";
  words.textContent = "Il n’y a pas de réseau\u00a0: quand il revient, rouvrez le site et appuyez sur «\u00a0Se déconnecter\u00a0» pour finir.";
  partOf(document, "main").replaceChildren(title, words);
}

if (location.pathname.startsWith("/connexion")) forget();
for (const form of partsOf(document, 'form[action$="/deconnexion"]', HTMLFormElement)) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await forget().catch(() => null);
    if (navigator.onLine) form.submit();
    else sayGone();
  });
}
