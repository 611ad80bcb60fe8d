// A badge stays on the phone that opened it, so that it shows without network, until its holder
// takes it away or the fair is over.
import { byId } from "../page/elements.js";

const box = byId("on-this-device").dataset;
const PATH = location.pathname;
const isKept = document.documentElement.hasAttribute("data-kept");

function showKept(words) {
  byId("on-this-device").hidden = false;
  byId("device-words").textContent = words;
}

async function start() {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  const ready = () => showKept("Ce badge est gardé sur cet appareil\u00a0: il s’affiche aussi sans réseau.");
  navigator.serviceWorker.addEventListener("message", ({ data }) => { if (data.kept === PATH) ready(); });
  if (isKept) {
    ready();
    byId("without-network").hidden = false;
    return;
  }
  const registration = await navigator.serviceWorker.register(box.worker, { scope: "/badge/", updateViaCache: "none" });
  const worker = registration.active || registration.waiting || registration.installing;
  if (box.over) worker.postMessage({ forget: PATH });
  else if (navigator.serviceWorker.controller && await caches.match(PATH, { cacheName: "badge-page" })) ready();
  else worker.postMessage({ keep: PATH });
}

byId("forget-device").addEventListener("click", async () => {
  const registration = await navigator.serviceWorker.getRegistration("/badge/");
  registration?.active?.postMessage({ forget: PATH });
  byId("forget-device").hidden = true;
  showKept("Ce badge est effacé de cet appareil. Le lien du courriel l’ouvre de nouveau.");
});

start();
