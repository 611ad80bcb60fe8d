// Keeps the wall up to date. Without network it keeps what it knows, and says how old that is.
import { keepAwake } from "../page/awake.js";
import { byId, dataOf, icon, make, setText } from "../page/elements.js";
import { Refused, jsonReader, keepFresh } from "../page/requests.js";

const { address, icons } = dataOf(byId("wall"));
const read = jsonReader(address);
const picture = (name) => icon(`${icons}#${name}`);
const CALM = { kind: "ok", icon: "check-circle-fill", title: "Tout le monde est là" };

function call(one) {
  const line = make("li", `wall__call wall__call--${one.kind}`);
  line.append(picture(one.icon), " ", make("strong", "", one.title), " ", make("span", "", one.detail));
  return line;
}

function stand(one) {
  const tile = make("li", `wall__stand wall__stand--${one.kind}`);
  const name = make("p", "wall__name", `${one.name} `);
  const count = make("p", "wall__count");
  const word = make("p", "wall__word");
  name.append(make("span", "", `stand ${one.number}`));
  word.append(picture(one.icon), ` ${one.word}`);
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
    /** @type {Element} */ (byId(`wall-${name}`).parentElement).className = `figure figure--${kind}`;
  }
  byId("wall-more").textContent = content.more;
  byId("wall-calls").replaceChildren(...(content.calls.length ? content.calls : [{ ...CALM, detail: content.calm }]).map(call));
  byId("wall-stands").replaceChildren(...content.stands.map(stand));
  byId("wall-rows").replaceChildren(...content.stands.map(row));
}

async function refresh() {
  try {
    const content = await read();
    setText(byId("wall-lost"), "");
    if (content) show(content);
  } catch (error) {
    const words = error instanceof Refused && error.status === 403
      ? "Cet écran n’est plus connecté\u00a0: connectez-vous de nouveau."
      : `Sans réponse du serveur. Dernière mise à jour à ${byId("wall-at").textContent}.`;
    setText(byId("wall-lost"), words);
  }
}

keepFresh(refresh, 10_000);
keepAwake();
