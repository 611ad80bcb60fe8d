// The rota's grid, by pointer, by keyboard and by buttons. Without it the page reads, and links to forms.
import { byId, dataOf, partOf, partsOf } from "../page/elements.js";
import { folded, plural } from "../page/french.js";
import { Desk } from "./desk.js";
import { Gaps } from "./gaps.js";
import { Hand } from "./hand.js";
import { bindKeys } from "./keys.js";
import { Painter } from "./paint.js";
import { bindPointer } from "./pointer.js";
import { Sheet, sameRow } from "./sheet.js";
import { Sync } from "./sync.js";

const root = byId("rota");
const state = JSON.parse(byId("rota-state").textContent ?? "");
const sheet = new Sheet(state);
const grid = byId("rota-grid", HTMLTableElement);
const painter = new Painter(sheet, grid, byId("rota-cover"), byId("rota-pictures"));
const said = byId("rota-said"), saved = byId("rota-saved"), hint = byId("rota-hint"), refused = byId("rota-refused");

function say(text, isRefusal = false) {
  said.textContent = text;
  said.classList.toggle("is-refusal", isRefusal);
}

function showChanges() {
  const count = sheet.changes;
  byId("rota-changes-words").textContent = !sheet.isPublished
    ? `Rien n’est encore publié\u00a0: ${plural(count, "vacation")} dans le brouillon`
    : count ? `${plural(count, "changement")} à publier` : "Tout est publié";
}

const show = {
  desk: () => desk.show(),
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
    byId("rota-publish")?.classList.toggle("btn-next", isNext);
    byId("rota-publish")?.classList.toggle("btn-secondary", !isNext);
  },
  broken(agent, breaks) { say(`${said.textContent} Attention, ${sheet.agents.get(agent).name}\u00a0: ${breaks.map((one) => one.words).join("\u00a0; ")}.`); },
  state(isAway = false) {
    const waiting = sync.queue.length;
    saved.textContent = isAway ? `Connexion perdue\u00a0: ${plural(waiting, "geste")} en attente sur cet appareil, nouvel essai dans un instant.`
      : waiting ? "Enregistrement…" : "Tout est enregistré dans le brouillon.";
    saved.classList.toggle("is-away", isAway);
    desk.button("undo").disabled = !sync.past.length;
    desk.button("redo").disabled = !sync.future.length;
  },
  // `asks`: the limits of working time that the gesture makes worse, which its author may accept.
  refused(message, lost, stale, asks = []) {
    for (const { rows } of lost) for (const [agent, { before, after }] of rows) {
      painter.wish.set(agent, after.filter((one) => !before.some((other) => sameRow([one], [other]))));
    }
    byId("rota-refused-words").textContent = message;
    byId("rota-refused-wish").textContent = lost.map((one) => one.words).join("\u00a0; ");
    byId("rota-redo-wish").hidden = !stale.length;
    byId("rota-redo-words").textContent = asks.length ? "Le placer quand même" : "Refaire mon geste";
    byId("rota-redo-wish").onclick = () => {
      dismiss();
      show.make({ ...sheet.again(lost), accepted: asks });
      say(asks.length ? "Votre geste est fait. La publication en demandera la raison." : "Votre geste est refait sur la ligne à jour.");
    };
    refused.hidden = false;
    say(asks.length ? "Ce geste attend votre accord." : "Ce geste n’est pas enregistré.", true);
    show.rows([...painter.wish.keys()]);
    byId(stale.length ? "rota-redo-wish" : "rota-drop-wish").focus();
  },
  news(agents) {
    for (const agent of agents) painter.lines.get(agent).line.classList.add("is-fresh");
    const names = agents.slice(0, 3).map((agent) => sheet.agents.get(agent).name).join(", ");
    say(`Quelqu’un d’autre vient de modifier ${agents.length > 3 ? `${agents.length} lignes, dont ${names}` : `la ligne de ${names}`}\u00a0: la grille est à jour.`);
    setTimeout(() => { for (const agent of agents) painter.lines.get(agent).line.classList.remove("is-fresh"); }, 4000);
  },
  stale: () => { byId("rota-stale").hidden = false; },
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
const sync = new Sync(sheet, { ...dataOf(root), same: sameRow }, show, () => hand.busy);
const desk = new Desk(byId("rota-desk"), hand);
const gaps = new Gaps(hand, state.gaps);
bindKeys(grid, hand, { undo: show.undo, redo: show.redo, menu: () => byId("rota-stand").focus() });
bindPointer(grid, byId("rota-agents"), hand);
byId("rota-drop-wish").addEventListener("click", () => { dismiss(); if (hand.selected) hand.select(hand.selected.agent, hand.selected.t); });

// From the panel's lists, Escape goes back to the cell.
byId("rota-desk").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && hand.selected) hand.select(hand.selected.agent, hand.selected.t);
});

const search = byId("rota-search", HTMLInputElement);
search.addEventListener("input", () => {
  const key = folded(search.value);
  for (const body of grid.tBodies) {
    let seen = 0;
    for (const line of partsOf(body, "[data-agent]")) {
      line.hidden = !folded(partOf(line, ".rota-who__name").textContent + body.rows[0].textContent).includes(key);
      seen += Number(!line.hidden);
    }
    body.hidden = !seen;
  }
});

// Both tables show the same hours.
const boxes = [byId("rota-agents"), byId("rota-stands")];
for (const [box, other] of [boxes, [...boxes].reverse()]) {
  box.addEventListener("scroll", () => { if (other.scrollLeft !== box.scrollLeft) other.scrollLeft = box.scrollLeft; }, { passive: true });
}

for (const line of partsOf(grid, "[data-agent] a")) line.tabIndex = -1;
for (const part of partsOf(document, "[data-needs-script]")) part.hidden = false;
const first = [...sheet.agents.values()].find((one) => one.is_own) || [...sheet.agents.values()][0];
hand.select(first.id, sheet.first, false);
showChanges();
show.state();
root.classList.add("is-live");
sync.restore();
