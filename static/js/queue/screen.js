// Keeps the screen of a queue up to date. Without network it keeps what it knows, and says how old that is.
const EVERY_MS = 5000;
const ANSWER_MS = 4000;
const screen = document.getElementById("queue-screen");
const byId = (id) => document.getElementById(id);
let stamp = "";

function make(tag, text, className = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

function called(one) {
  const line = make("li", "");
  line.append(make("strong", one.number), " ", make("span", one.by));
  return line;
}

function show(content) {
  const none = (text) => [make("li", text, "queue-screen__none")];
  byId("screen-at").textContent = content.at;
  byId("screen-wait").textContent = content.wait;
  byId("screen-more").textContent = content.more;
  byId("screen-called").replaceChildren(...(content.called.length ? content.called.map(called) : none("Personne pour l’instant")));
  byId("screen-next").replaceChildren(...(content.next.length ? content.next.map((number) => make("li", number)) : none("Personne n’attend")));
}

// Said once: the live region speaks when its words change.
function say(text) {
  if (byId("screen-lost").textContent !== text) byId("screen-lost").textContent = text;
}

async function refresh() {
  try {
    const answer = await fetch(screen.dataset.address, {
      cache: "no-store",
      redirect: "error",
      headers: stamp ? { "If-None-Match": stamp } : {},
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
    if (answer.ok) {
      show(await answer.json());
      stamp = answer.headers.get("ETag") || "";
    }
    say("");
  } catch {
    say(`Cet écran n’est plus à jour depuis ${byId("screen-at").textContent}. Demandez à un agent.`);
  }
}

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
