// Nothing of an agent's page stays on a shared phone: it goes when they sign out, when the session
// is refused, and when somebody comes to sign in. Two numbers stay: the version that was seen, and
// an arrival not sent yet, which goes when its agent is back.
import { partOf, partsOf } from "../page/elements.js";
import { request } from "../page/requests.js";
import { forgetTime } from "../offline/clock.js";

const KEPT = ["planning-page", "planning-files"];
const ANSWER_MS = 4000;
const AGAIN_MS = 5000;
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
  words.textContent = "Le serveur ne répond pas\u00a0: laissez cette page ouverte, la déconnexion finit toute seule quand il répond. Sinon, rouvrez le site et appuyez sur «\u00a0Se déconnecter\u00a0» pour finir.";
  partOf(document, "main").replaceChildren(title, words);
}

// Whether the server answers; then it is told. What the browser says of the network is not asked.
async function signOut(form) {
  try {
    await request("/healthz", { patience: ANSWER_MS });
  } catch {
    return false;
  }
  form.submit();
  return true;
}

if (location.pathname.startsWith("/connexion")) forget();
for (const form of partsOf(document, 'form[action$="/deconnexion"]', HTMLFormElement)) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await forget().catch(() => null);
    if (!(await signOut(form))) {
      sayGone();
      document.body.append(form); // it may have been in the page that is gone
      form.hidden = true;
      const again = () => signOut(form);
      addEventListener("online", again);
      setInterval(again, AGAIN_MS);
    }
  });
}
