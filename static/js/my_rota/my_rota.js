// An agent's own page: what is on now by the fair's clock, with the network or without it.
import { byId, closestTo, dataOf, findById, offerCopy, parse, partOf, partsOf, setText } from "../page/elements.js";
import { dayOf, hourOf, plural } from "../page/french.js";
import { request } from "../page/requests.js";
import { isKept, keepPrivatePage } from "../offline/pages.js";
import { fairTime, keepTime } from "../offline/clock.js";
import * as arrivals from "./arrivals.js";
import { forget } from "./forget.js";
import { reminderDue, showMoment, wait } from "./moments.js";

const page = dataOf(byId("planning"));
const PATH = "/planning";
const TICK_MS = 5000;
const RETRY_MS = 10000;
const QUICK_MS = 1000;
const QUICK_TRIES = 6;
const FRESH_MS = 120000;
const ANSWER_MS = 6000;
const SEEN = `planning:seen:${page.owner}`;
const NEEDS_NETWORK = "Cette page demande le réseau\u00a0: réessayez quand il est revenu.";

let token = partOf(document, "[name=csrf_token]", HTMLInputElement).value;
let asOf = { ...page };
let online = !isKept;
let askedAt = Date.now();
let shown = isKept ? "" : byId("ma-liste").textContent;

function say(words) {
  const place = findById("annonce");
  if (place) place.textContent = words;
}

// --- The strip: how old is what one reads, what comes ------------------------------------------
let passing = "";

function strip(words = passing) {
  passing = words;
  const waiting = arrivals.waitingArrivals(page.owner, fairTime()).length;
  const lines = [];
  if (!online) {
    const today = dayOf(fairTime()) === asOf.day;
    const version = asOf.number === "0" ? "" : ` (version\u00a0${asOf.number})`;
    lines.push(`Hors connexion, planning tel ${today ? `qu’à ${asOf.hour}` : `que le ${asOf.moment}`}${version}.`);
  }
  if (waiting && !online) lines.push(`${plural(waiting, "arrivée")} à envoyer.`);
  if (passing) lines.push(passing);
  const band = findById("bandeau");
  if (!band) return; // signed out: nothing of the page is left
  setText(band, lines.join(" "));
  band.classList.toggle("is-shown", lines.length > 0);
  band.classList.toggle("is-news", online);
  document.documentElement.classList.toggle("is-offline", !online);
}

// --- Now, and the quarter of an hour before ----------------------------------------------------
function tick() {
  const now = fairTime();
  const changed = showMoment(now);
  if (changed) say(partOf(changed, ".now__when").textContent);
  const due = reminderDue(now);
  if (due) remind(due, now);
}

async function remind(card, now) {
  const words = `${wait(now, Date.parse(card.dataset.starts))}\u00a0: ${card.dataset.where}.`;
  strip(words);
  if (!navigator.serviceWorker || !("Notification" in window) || Notification.permission !== "granted") return;
  // One that is not active yet shows nothing: the first visit may come just before a shift.
  const registration = await navigator.serviceWorker.ready;
  const body = `${card.dataset.where}, à ${hourOf(Date.parse(card.dataset.starts))}`;
  registration.showNotification("Votre vacation commence bientôt", { body, tag: `vacation-${card.dataset.shift}`, icon: page.icon, lang: "fr" });
}

function offerReminders() {
  const box = findById("rappels");
  if (!box || !("Notification" in window) || Notification.permission !== "default") return;
  box.hidden = false;
  partOf(box, "button").addEventListener("click", async () => {
    const answer = await Notification.requestPermission();
    /** @type {Element} */ (box.lastElementChild).textContent = answer === "granted"
      ? "C’est fait\u00a0: ce téléphone vous préviendra tant que cette page y reste ouverte."
      : "Le navigateur a refusé. L’alerte s’affichera seulement en haut de cette page.";
  });
}

// --- What changed since this phone was last looked at -------------------------------------------
function showChanges() {
  const number = Number(asOf.number);
  const seen = Number(localStorage.getItem(SEEN) ?? number);
  if (localStorage.getItem(SEEN) === null) localStorage.setItem(SEEN, String(number));
  let count = 0;
  for (const shift of partsOf(document, ".my-shift, [data-withdrawn]")) {
    const isNew = Number(shift.dataset.number ?? shift.dataset.withdrawn) > seen;
    if (shift.dataset.withdrawn) shift.hidden = !isNew;
    else {
      shift.classList.toggle("is-new", isNew);
      partOf(shift, "[data-new]").hidden = !isNew;
    }
    count += Number(isNew);
  }
  const news = findById("changements");
  if (!news) return;
  news.hidden = !count;
  byId("changements-combien").textContent = count > 1
    ? `${count}\u00a0vacations ont changé. Elles sont marquées plus bas.`
    : "1\u00a0vacation a changé. Elle est marquée plus bas.";
}

// --- Arrivals ------------------------------------------------------------------------------------
function showWaiting() {
  for (const { shift, at } of arrivals.waitingArrivals(page.owner, fairTime())) {
    arrivals.sayArrival(shift, `Arrivée de ${hourOf(Date.parse(at))} gardée, envoyée dès que possible.`, `${page.icons}#hourglass-split`, true);
  }
}

async function sendArrivals() {
  let result = await arrivals.sendArrivals(page.owner, fairTime(), token);
  if (result.stale && await refresh()) result = await arrivals.sendArrivals(page.owner, fairTime(), token);
  if (result.refused) await refused();
  for (const { shift, done, words } of result.noted) {
    arrivals.sayArrival(shift, words, `${page.icons}#${done ? "check-circle-fill" : "exclamation-triangle-fill"}`, !done);
  }
  if (result.words.length) say(result.words.join(" "));
  return result.noted.length > 0;
}

async function arrive(event) {
  const box = closestTo(event.target, "[data-arrival]");
  if (!box) return;
  event.preventDefault();
  const shift = box.dataset.arrival;
  arrivals.keepArrival(page.owner, shift, event.target.getAttribute("action"), new Date(fairTime()).toISOString());
  showWaiting();
  if (await sendArrivals()) await refresh();
  else if (arrivals.waitingArrivals(page.owner, fairTime()).length) online = false;
  strip();
}

// --- The network ---------------------------------------------------------------------------------
async function refused() {
  await forget();
  location.replace(PATH);
}

// Reads the page again, and puts in place what changed. True when the server answered it.
async function refresh() {
  askedAt = Date.now();
  const sent = performance.now();
  let answer;
  let text;
  try {
    answer = await request(PATH, { redirect: "manual", patience: ANSWER_MS });
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) return await refused();
    if (!answer.ok) return false;
    text = await answer.text();
  } catch {
    return false;
  }
  const fresh = parse(text);
  const data = fresh.getElementById("planning");
  if (!data || data.dataset.owner !== page.owner) return location.replace(PATH);
  keepTime(dataOf(data).now, sent);
  token = partOf(fresh, "[name=csrf_token]", HTMLInputElement).value;
  const list = partOf(fresh, "#ma-liste");
  if (list.textContent !== shown || data.dataset.number !== asOf.number) put(fresh, list);
  asOf = { ...dataOf(data) };
  showChanges();
  tick();
  return true;
}

function put(fresh, list) {
  shown = list.textContent;
  for (const id of ["maintenant", "ma-liste", "ou"]) {
    const [old, next] = [findById(id), fresh.getElementById(id)];
    if (!old !== !next) return location.reload();
    if (old && next) old.replaceChildren(...document.adoptNode(next).childNodes);
  }
  return showWaiting();
}

let looking = false;

async function look() {
  if (looking || !findById("bandeau") || (online && Date.now() - askedAt < FRESH_MS)) return;
  looking = true;
  online = Boolean(await refresh());
  if (online && await sendArrivals()) await refresh();
  strip();
  looking = false;
}

// The network is said to be back before it carries anything.
async function backAgain() {
  for (let tries = 0; tries < QUICK_TRIES; tries += 1) {
    await look();
    if (online) return;
    await new Promise((done) => setTimeout(done, QUICK_MS));
  }
}

// --- Start ---------------------------------------------------------------------------------------
// A browser that was not asked, or that refused, may forget the page: Safari does after seven days.
async function sayKept() {
  const [kept, until] = [findById("sans-reseau"), findById("kept-until")];
  if (!kept || !until) return; // signed out: nothing of the page is left
  kept.hidden = false;
  const isSafe = await navigator.storage?.persist?.().catch(() => false); // some put the question to the person
  until.hidden = Boolean(isSafe);
}

function onClick(event) {
  if (closestTo(event.target, "#changements-vu")) {
    localStorage.setItem(SEEN, asOf.number);
    showChanges();
    findById("maintenant")?.focus();
  }
  if (!online && closestTo(event.target, "[data-network]")) {
    event.preventDefault();
    strip(NEEDS_NETWORK);
  }
}

const received = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"))[0]?.responseStart ?? performance.now();
if (!isKept) keepTime(page.now, received, { received });
if (location.search.includes("reseau=absent")) {
  passing = NEEDS_NETWORK;
  history.replaceState(null, "", PATH);
}
document.addEventListener("submit", arrive);
document.addEventListener("click", onClick);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { tick(); look(); } });
addEventListener("online", backAgain);
addEventListener("offline", () => { askedAt = 0; look(); }); // a hint: the server is asked
setInterval(tick, TICK_MS);
setInterval(look, RETRY_MS);
offerReminders();
for (const box of partsOf(document, "#copier")) offerCopy(box);
showChanges();
showWaiting();
tick();
strip();
keepPrivatePage(page.worker, PATH, PATH, { store: "planning", onKept: sayKept });
if (isKept) look();
else if (await sendArrivals()) await refresh();
strip();
