// Keeps a page of the queue up to date, part by part, without touching where the keyboard is.
import { byId, findPart, parse, partsOf, setText } from "../page/elements.js";
import { Refused, keepFresh, request } from "../page/requests.js";

let stamp = findPart(document, "[data-at]")?.dataset.at ?? "";
let running = false;

const words = (part) => part.textContent.replace(/\s+/g, " ");
const isOpen = (part) => findPart(part, "details[open]") !== null;

// What is open or holds the keyboard stays, with forms that are still valid when they are sent.
function renew(part, next) {
  const isBusy = part.contains(document.activeElement) || isOpen(part);
  if (words(part) !== words(next) && !isBusy) {
    part.replaceChildren(...next.childNodes);
    return;
  }
  const token = findPart(next, "[name=csrf_token]", HTMLInputElement);
  if (!token) return;
  for (const field of partsOf(part, "[name=csrf_token]", HTMLInputElement)) field.value = token.value;
}

async function refresh() {
  if (running) return;
  running = true;
  try {
    const answer = await request(location.pathname);
    if (!answer.ok) throw new Refused(answer.status);
    const read = parse(await answer.text());
    const said = findPart(read, "[data-say]");
    const before = findPart(document, "[data-say]");
    if (said && before && words(said) !== words(before)) {
      setText(byId("queue-said"), words(said));
      document.title = read.title;
      navigator.vibrate?.(400);
    }
    for (const part of partsOf(document, "[data-refresh]")) {
      const next = read.getElementById(part.id);
      if (next) renew(part, next);
    }
    stamp = findPart(read, "[data-at]")?.dataset.at ?? stamp;
    setText(byId("queue-lost"), "");
  } catch {
    setText(byId("queue-lost"), `Sans réponse du serveur. Dernière mise à jour à ${stamp}.`);
  } finally {
    running = false;
  }
}

keepFresh(refresh, 10_000);
