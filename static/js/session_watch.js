// Two minutes before a session ends for want of activity, its page says so and offers to stay.
// Typing, scrolling and pressing count as activity; the server alone knows how long is left.
import { byId, findPart, partOf, setText } from "./page/elements.js";
import { plural } from "./page/french.js";
import { Refused, request } from "./page/requests.js";

const NOTICE_S = 120;
const AT_MOST_EVERY_MS = 60_000;
const RETRY_S = 30;
const bar = byId("session-watch");
const [words, stay, back] = [partOf(bar, "p"), partOf(bar, "button"), partOf(bar, "a")];
const token = findPart(document, 'input[name="csrf_token"]', HTMLInputElement);
// A refused form is a page of its address: « back » asks for it again, and no browser says it has lost it.
history.replaceState(history.state, "", location.href);
let [toldAt, telling, timer] = [Date.now(), 0, 0];

async function secondsLeft(options) {
  const answer = await request("/session.json", { redirect: "manual", ...options });
  if (answer.type === "opaqueredirect") return 0;
  if (!answer.ok) throw new Refused(answer.status);
  return (await answer.json()).seconds;
}

function remain() {
  toldAt = Date.now();
  return secondsLeft({ method: "POST", body: new URLSearchParams({ csrf_token: token ? token.value : "" }) });
}

function show(seconds) {
  const isOver = seconds <= 0;
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const said = isOver
    ? "Votre session a pris fin. Ce que vous avez écrit reste sur cette page\u00a0: validez-le, puis connectez-vous, il vous sera rendu."
    : `Sans activité, votre session prend fin dans ${plural(minutes, "minute")}.`;
  setText(words, said);
  stay.hidden = isOver;
  back.hidden = !isOver;
  bar.hidden = false;
}

function watch(seconds) {
  clearTimeout(timer);
  const isNear = seconds <= NOTICE_S;
  if (isNear) show(seconds);
  else bar.hidden = true;
  if (seconds > 0) timer = setTimeout(look, (isNear ? Math.min(RETRY_S, seconds) : seconds - NOTICE_S) * 1000);
}

async function ask(question) {
  try {
    watch(await question());
  } catch {
    // No network: the session is judged when it comes back.
    clearTimeout(timer);
    timer = setTimeout(look, RETRY_S * 1000);
  }
}

function look() {
  return ask(secondsLeft);
}

function tell() {
  telling = 0;
  return ask(remain);
}

function noteActivity() {
  if (!telling && bar.hidden) telling = setTimeout(tell, Math.max(0, toldAt + AT_MOST_EVERY_MS - Date.now()));
}

for (const kind of ["input", "keydown", "pointerdown", "scroll"]) addEventListener(kind, noteActivity, { capture: true, passive: true });
stay.addEventListener("click", tell);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});
watch(Number(bar.dataset.seconds));
