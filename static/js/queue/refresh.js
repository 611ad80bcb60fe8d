// Keeps a page of the queue up to date, part by part, without touching where the keyboard is.
const EVERY_MS = 10000;
const ANSWER_MS = 8000;
const byId = (id) => document.getElementById(id);
let stamp = document.querySelector("[data-at]")?.dataset.at ?? "";
let running = false;

const words = (part) => part.textContent.replace(/\s+/g, " ");
const isOpen = (part) => part.querySelector("details[open]") !== null;

// What is open or holds the keyboard stays, with forms that are still valid when they are sent.
function renew(part, next) {
  const isBusy = part.contains(document.activeElement) || isOpen(part);
  if (words(part) !== words(next) && !isBusy) {
    part.replaceChildren(...next.childNodes);
    return;
  }
  const token = next.querySelector("[name=csrf_token]");
  if (!token) return;
  for (const field of part.querySelectorAll("[name=csrf_token]")) field.value = token.value;
}

function say(id, text) {
  const place = byId(id);
  if (place && place.textContent !== text) place.textContent = text;
}

async function refresh() {
  if (running || document.hidden) return;
  running = true;
  try {
    const answer = await fetch(location.pathname, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(ANSWER_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = read.querySelector("[data-say]");
    const before = document.querySelector("[data-say]");
    if (said && before && words(said) !== words(before)) {
      say("queue-said", words(said));
      document.title = read.title;
      navigator.vibrate?.(400);
    }
    for (const part of document.querySelectorAll("[data-refresh]")) {
      const next = read.getElementById(part.id);
      if (next) renew(part, next);
    }
    stamp = read.querySelector("[data-at]")?.dataset.at ?? stamp;
    say("queue-lost", "");
  } catch {
    say("queue-lost", `Sans réponse du serveur. Dernière mise à jour à ${stamp}.`);
  } finally {
    running = false;
  }
}

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
