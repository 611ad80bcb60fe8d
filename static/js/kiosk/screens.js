// The one screen that is shown: a heading, a sentence, what can be done. What a screen held goes
// with it: of the person nothing stays in the page.
import { byId, closestTo, dataOf, fill, partOf, partsOf } from "../page/elements.js";

const templates = Object.fromEntries(
  partsOf(document, "template[data-screen]", HTMLTemplateElement).map((one) => [one.dataset.screen, one]),
);
const fair = document.title.slice(byId("title").textContent.length);
const SAID_MS = 5_000;
let shown = "";
let forgetting = 0;
/** @typedef {Record<string, (from: any) => unknown>} Actions What the buttons (data-do) and the form ("submit") of a screen do. */
/** @type {Actions} */
let actions = {};

export const current = () => shown;

// Shows a screen. Without a title, its steps bring their own head.
/**
 * @param {string} name
 * @param {{ title?: string, lead?: string, does?: Actions, say?: string, fill?: (body: DocumentFragment) => void }} screen
 */
export function show(name, { title = "", lead = "", does = {}, say = lead, fill: fillIn = () => {} }) {
  shown = name;
  actions = does;
  const body = templates[name].content.cloneNode(true);
  fillIn(body);
  byId("screen").replaceChildren(body);
  document.body.dataset.screen = name;
  if (title) head(title, lead, say);
}

// What is above a screen, or above a step of it. The heading takes the focus, and the sentence is said
// after it; a heading that has the focus already is silent: it is said with the sentence.
export function head(title, lead, say = lead) {
  const isSilent = document.activeElement === byId("title");
  byId("title").textContent = title;
  document.title = title + fair;
  byId("lead").textContent = lead;
  byId("lead").hidden = !lead;
  byId("main").scrollTop = 0;
  byId("title").focus({ preventScroll: true });
  announce(isSilent ? `${title}${/[.…?]$/.test(title) ? "" : "."} ${say}`.trim() : say);
}

// Said by a screen reader, when it has finished; then taken away: whoever reads the page meets it once.
export function announce(words) {
  byId("announce").textContent = words;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => { byId("announce").textContent = ""; }, SAID_MS);
}

// Said at once.
export function alarm(words) {
  byId("alarm").textContent = words;
}

export function text(body, name, words) {
  fill(partOf(body, `[data-text="${name}"]`), words);
}

byId("screen").addEventListener("click", (event) => {
  const button = closestTo(event.target, "[data-do]");
  if (button) actions[dataOf(button).do]?.(button);
});

byId("screen").addEventListener("submit", (event) => {
  event.preventDefault();
  actions.submit?.(event.target);
});
