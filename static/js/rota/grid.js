// The rota's grid, by pointer, by keyboard and by buttons. Without it the page reads, and links to forms.
const root = document.getElementById("rota");
const load = (name) => import(root.dataset[name]);
const [{ Sheet, sameRow }, { Painter }, { Sync }, { Hand }, { Desk }, { Gaps }, { bindPointer }, { bindKeys }] =
  await Promise.all(["sheet", "paint", "sync", "hand", "desk", "gaps", "pointer", "keys"].map(load));

const by = (id) => document.getElementById(id);
const state = JSON.parse(by("rota-state").textContent);
const sheet = new Sheet(state);
const grid = by("rota-grid");
const painter = new Painter(sheet, grid, by("rota-cover"), by("rota-pictures"));
const said = by("rota-said"), saved = by("rota-saved"), hint = by("rota-hint"), refused = by("rota-refused");
let sync, desk, gaps;

function say(text, isRefusal = false) {
  said.textContent = text;
  said.classList.toggle("is-refusal", isRefusal);
}

function plural(count, one, many = `${one}s`) { return `${count} ${count < 2 ? one : many}`; }

function showChanges() {
  const count = sheet.changes;
  by("rota-changes-words").textContent = !sheet.isPublished
    ? `Rien n’est encore publié\u00a0: ${plural(count, "vacation")} dans le brouillon`
    : count ? `${plural(count, "changement")} à publier` : "Tout est publié";
}

const show = {
  desk: () => desk?.show(),
  said: say,
  hint: (text) => { hint.textContent = text; hint.hidden = !text; },
  make: (change) => { dismiss(); sync.make(change); },
  undo: () => tell(sync.undo(), "annulé"),
  redo: () => tell(sync.redo(), "rétabli"),
  rows(agents) {
    for (const agent of agents) painter.row(agent);
    showChanges();
    show.desk();
  },
  cover: (cells) => painter.cover(cells),
  gaps(answer) {
    gaps.update(answer.gaps, answer.gaps_words);
    const isNext = !answer.gaps.length && sheet.changes > 0;
    by("rota-publish")?.classList.toggle("btn-next", isNext);
    by("rota-publish")?.classList.toggle("btn-secondary", !isNext);
  },
  broken(agent, breaks) { say(`${said.textContent} Attention, ${sheet.agents.get(agent).name}\u00a0: ${breaks.map((one) => one.words).join("\u00a0; ")}.`); },
  state(isAway = false) {
    const waiting = sync.queue.length;
    saved.textContent = isAway ? `Connexion perdue\u00a0: ${plural(waiting, "geste")} en attente, nouvel essai dans un instant.`
      : waiting ? "Enregistrement…" : "Tout est enregistré dans le brouillon.";
    saved.classList.toggle("is-away", isAway);
    desk.button("undo").disabled = !sync.past.length;
    desk.button("redo").disabled = !sync.future.length;
  },
  refused(message, lost, stale) {
    for (const { rows } of lost) for (const [agent, { before, after }] of rows) {
      painter.wish.set(agent, after.filter((one) => !before.some((other) => sameRow([one], [other]))));
    }
    by("rota-refused-words").textContent = message;
    by("rota-refused-wish").textContent = lost.map((one) => one.words).join("\u00a0; ");
    by("rota-redo-wish").hidden = !stale.length;
    by("rota-redo-wish").onclick = () => { dismiss(); show.make(sheet.again(lost)); say("Votre geste est refait sur la ligne à jour."); };
    refused.hidden = false;
    say("Ce geste n’est pas enregistré.", true);
    show.rows([...painter.wish.keys()]);
    by(stale.length ? "rota-redo-wish" : "rota-drop-wish").focus();
  },
  news(agents) {
    for (const agent of agents) painter.lines.get(agent).line.classList.add("is-fresh");
    const names = agents.slice(0, 3).map((agent) => sheet.agents.get(agent).name).join(", ");
    say(`Quelqu’un d’autre vient de modifier ${agents.length > 3 ? `${agents.length} lignes, dont ${names}` : `la ligne de ${names}`}\u00a0: la grille est à jour.`);
    setTimeout(() => { for (const agent of agents) painter.lines.get(agent).line.classList.remove("is-fresh"); }, 4000);
  },
  stale: () => { by("rota-stale").hidden = false; },
};

function tell(change, done) {
  if (change) say(`${change.words}\u00a0: ${done}.`);
  show.state();
}

function dismiss() {
  refused.hidden = true;
  const agents = [...painter.wish.keys()];
  painter.wish.clear();
  for (const agent of agents) painter.row(agent);
}

const hand = new Hand(sheet, painter, show);
sync = new Sync(sheet, { rows: root.dataset.rows, state: root.dataset.state, token: root.dataset.token, same: sameRow }, show, () => hand.busy);
desk = new Desk(by("rota-desk"), hand);
gaps = new Gaps(hand, state.gaps);
bindKeys(grid, hand, { undo: show.undo, redo: show.redo, menu: () => by("rota-stand").focus() });
bindPointer(grid, by("rota-agents"), hand);
by("rota-drop-wish").addEventListener("click", () => { dismiss(); if (hand.selected) hand.select(hand.selected.agent, hand.selected.t); });

// From the panel's lists, Escape goes back to the cell.
by("rota-desk").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && hand.selected) hand.select(hand.selected.agent, hand.selected.t);
});

by("rota-search").addEventListener("input", (event) => {
  const key = plain(event.target.value);
  for (const body of grid.tBodies) {
    let seen = 0;
    for (const line of body.querySelectorAll("[data-agent]")) {
      line.hidden = !plain(line.querySelector(".rota-who__name").textContent + body.rows[0].textContent).includes(key);
      seen += !line.hidden;
    }
    body.hidden = !seen;
  }
});
function plain(text) { return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase(); }

// Both tables show the same hours.
const boxes = [by("rota-agents"), by("rota-stands")];
for (const [box, other] of [boxes, [...boxes].reverse()]) {
  box.addEventListener("scroll", () => { if (other.scrollLeft !== box.scrollLeft) other.scrollLeft = box.scrollLeft; }, { passive: true });
}

for (const line of grid.querySelectorAll("[data-agent] a")) line.tabIndex = -1;
for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
const first = [...sheet.agents.values()].find((one) => one.is_own) || [...sheet.agents.values()][0];
hand.select(first.id, sheet.first, false);
showChanges();
show.state();
root.classList.add("is-live");
