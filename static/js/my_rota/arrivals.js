// « Je suis arrivé(e) »: each tap is kept on the phone until the server has answered it. One entry
// for each shift, so that a tap is sent once; the server holds the first arrival anyway.
import { icon, make } from "../page/elements.js";
import { request } from "../page/requests.js";

const PREFIX = "planning:arrival:";
const OLDEST_MS = 12 * 3600000;
const ANSWER_MS = 6000;
const LOST = "Cette vacation n’est plus la vôtre\u00a0: rien n’a été noté.";

export function keepArrival(owner, shift, action, at) {
  const key = `${PREFIX}${owner}:${shift}`;
  if (!localStorage.getItem(key)) localStorage.setItem(key, JSON.stringify({ shift, action, at }));
}

export function waitingArrivals(owner, now) {
  const found = [];
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
    const entry = JSON.parse(localStorage.getItem(key));
    if (now - Date.parse(entry.at) > OLDEST_MS) localStorage.removeItem(key);
    else if (key.startsWith(`${PREFIX}${owner}:`)) found.push({ key, ...entry });
  }
  return found;
}

let sending = Promise.resolve();

// Answers {noted, words, refused, stale}: what was settled, and whether the session or the token
// was refused. What got no answer stays.
export function sendArrivals(owner, now, token) {
  sending = sending.then(() => sendAll(owner, now, token));
  return sending;
}

async function sendAll(owner, now, token) {
  const result = { noted: [], words: [], refused: false, stale: false };
  for (const entry of waitingArrivals(owner, now)) {
    const answer = await send(entry, token);
    if (!answer) break;
    if (answer.type === "opaqueredirect" || answer.status === 403) result.refused = true;
    else if (answer.status === 400) result.stale = true;
    else if (answer.ok || answer.status === 404 || answer.status === 409) {
      const content = await answer.json().catch(() => ({ message: LOST }));
      localStorage.removeItem(entry.key);
      result.words.push(content.message);
      result.noted.push({ shift: entry.shift, done: answer.ok, words: content.message });
    }
    if (result.refused || result.stale) break;
  }
  return result;
}

async function send({ action, at }, token) {
  const body = new URLSearchParams({ csrf_token: token, tapped_at: at });
  const headers = { Accept: "application/json" };
  try {
    return await request(action, { method: "POST", body, headers, redirect: "manual", patience: ANSWER_MS });
  } catch {
    return null;
  }
}

// Says in each place of the page where an arrival stands.
export function sayArrival(shift, words, picture, kept) {
  for (const box of document.querySelectorAll(`[data-arrival="${shift}"]`)) {
    const line = make("p", "arrival__done");
    line.append(icon(picture), make("span", "", words));
    box.classList.toggle("is-kept", kept);
    box.replaceChildren(line);
  }
}
