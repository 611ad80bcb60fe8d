// Keeps the screen of a queue up to date. Without network it keeps what it knows, and says how old that is.
import { keepAwake } from "../page/awake.js";
import { byId, dataOf, make, setText } from "../page/elements.js";
import { jsonReader, keepFresh } from "../page/requests.js";

const read = jsonReader(dataOf(byId("queue-screen")).address, { patience: 4000 });

function call({ number, by }) {
  const line = make("li");
  line.append(make("strong", "", number), " ", make("span", "", by));
  return line;
}

function show(content) {
  const none = (text) => [make("li", "queue-screen__none", text)];
  byId("screen-at").textContent = content.at;
  byId("screen-wait").textContent = content.wait;
  byId("screen-more").textContent = content.more;
  byId("screen-called").replaceChildren(...(content.called.length ? content.called.map(call) : none("Personne pour l’instant")));
  byId("screen-next").replaceChildren(...(content.next.length ? content.next.map((number) => make("li", "", number)) : none("Personne n’attend")));
}

async function refresh() {
  try {
    const content = await read();
    if (content) show(content);
    setText(byId("screen-lost"), "");
  } catch {
    setText(byId("screen-lost"), `Cet écran n’est plus à jour depuis ${byId("screen-at").textContent}. Demandez à un agent.`);
  }
}

keepFresh(refresh, 5000);
keepAwake();
