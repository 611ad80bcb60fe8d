// Keeps the wall up to date. Without network it keeps what it knows, and says how old that is.
const EVERY_MS = 10000;
const ANSWER_MS = 8000;
const wall = document.getElementById("wall");
const byId = (id) => document.getElementById(id);
const CALM = { kind: "ok", icon: "check-circle-fill", title: "Tout le monde est là", detail: "chaque stand est tenu" };
let stamp = "";

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("focusable", "false");
  use.setAttribute("href", `${wall.dataset.icons}#${name}`);
  drawing.append(use);
  return drawing;
}

function call(one) {
  const line = make("li", `wall__call wall__call--${one.kind}`);
  line.append(icon(one.icon), " ", make("strong", "", one.title), " ", make("span", "", one.detail));
  return line;
}

function stand(one) {
  const tile = make("li", `wall__stand wall__stand--${one.kind}`);
  const name = make("p", "wall__name", `${one.name} `);
  const count = make("p", "wall__count");
  const word = make("p", "wall__word");
  name.append(make("span", "", `stand ${one.number}`));
  word.append(icon(one.icon), ` ${one.word}`);
  count.append(make("strong", "", one.count), ` là, ${one.minimum} au moins`);
  tile.append(name, count, word);
  return tile;
}

function row(one) {
  const line = make("tr");
  const head = make("th", "", `${one.name}, ${one.number}`);
  head.scope = "row";
  const people = [one.here, one.awaited, one.coming].map((names) => names.join("\u00a0; ") || "–");
  line.append(head, ...[one.word, `${one.count}, ${one.minimum} au moins`, ...people].map((text) => make("td", "", text)));
  return line;
}

function show(content) {
  byId("wall-at").textContent = content.at;
  for (const [name, [value, kind]] of Object.entries(content.figures)) {
    byId(`wall-${name}`).textContent = value;
    byId(`wall-${name}`).parentElement.className = `figure figure--${kind}`;
  }
  byId("wall-more").textContent = content.more;
  byId("wall-calls").replaceChildren(...(content.calls.length ? content.calls : [CALM]).map(call));
  byId("wall-stands").replaceChildren(...content.stands.map(stand));
  byId("wall-rows").replaceChildren(...content.stands.map(row));
}

// Said once: the live region speaks when its words change.
function say(words) {
  if (byId("wall-lost").textContent !== words) byId("wall-lost").textContent = words;
}

async function refresh() {
  let content = null;
  try {
    const answer = await fetch(wall.dataset.address, {
      cache: "no-store",
      redirect: "error",
      headers: stamp ? { "If-None-Match": stamp } : {},
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (answer.status === 403) {
      say("Cet écran n’est plus connecté\u00a0: connectez-vous de nouveau.");
      return;
    }
    if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
    if (answer.ok) {
      content = await answer.json();
      stamp = answer.headers.get("ETag") || "";
    }
  } catch {
    say(`Sans réponse du serveur. Dernière mise à jour à ${byId("wall-at").textContent}.`);
    return;
  }
  say("");
  if (content) show(content);
}

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
