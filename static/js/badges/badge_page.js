// A badge stays on the phone that opened it, so that it shows without network, until its holder
// takes it away or the fair is over.
import { forgetPage, isKept, keepPrivatePage } from "../offline/pages.js";
import { byId } from "../page/elements.js";

const SCOPE = "/badge/";
const PATH = location.pathname;
const { worker, over } = byId("on-this-device").dataset;

function showKept(words) {
  byId("on-this-device").hidden = false;
  byId("device-words").textContent = words;
}

byId("forget-device").addEventListener("click", async () => {
  await forgetPage(SCOPE, PATH);
  byId("forget-device").hidden = true;
  showKept("Ce badge est effacé de cet appareil. Le lien du courriel l’ouvre de nouveau.");
});

if (isKept) byId("without-network").hidden = false;
keepPrivatePage(worker, SCOPE, PATH, {
  store: "badge",
  isOver: Boolean(over),
  onKept: () => showKept("Ce badge est gardé sur cet appareil\u00a0: il s’affiche aussi sans réseau."),
});
