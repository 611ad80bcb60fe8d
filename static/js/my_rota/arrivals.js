// « Je suis arrivé(e) »: each tap is kept on the phone until the server has answered it. One entry
// for each shift, so that a tap is sent once; the server holds the first arrival anyway.
import { icon, make, partsOf } from "../page/elements.js";
import { localItems, Queue } from "../offline/queue.js";
import { request } from "../page/requests.js";

const PREFIX = "planning:arrival:";
const OLDEST_MS = 12 * 3600000;
const ANSWER_MS = 6000;
const LOST = "Cette vacation n’est plus la vôtre\u00a0: rien n’a été noté.";

const itemsOf = (owner) => localItems(`${PREFIX}${owner}:`, "shift");

export function keepArrival(owner, shift, action, at) {
  const items = itemsOf(owner);
  if (!items.all().some((arrival) => arrival.shift === shift)) items.put({ shift, action, at });
}

export function waitingArrivals(owner, now) {
  for (const name of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
    const { at } = JSON.parse(localStorage.getItem(name) ?? "{}");
    if (now - Date.parse(at) > OLDEST_MS) localStorage.removeItem(name);
  }
  return itemsOf(owner).all();
}

/** @typedef {{ noted: { shift: string, done: boolean, words: string }[], words: string[], refused: boolean, stale: boolean }} Sent */
/** @type {Promise<unknown>} */
let sending = Promise.resolve();

// Answers {noted, words, refused, stale}: what was settled, and whether the session or the token
// was refused. What got no answer stays.
export function sendArrivals(owner, now, token) {
  const sent = sending.then(() => sendAll(owner, now, token));
  sending = sent;
  return sent;
}

async function sendAll(owner, now, token) {
  /** @type {Sent} */
  const result = { noted: [], words: [], refused: false, stale: false };
  const left = waitingArrivals(owner, now);
  const queue = new Queue({
    next: () => left.splice(0, 1),
    async send([arrival]) {
      const answer = await post(arrival, token);
      if (!answer) return false;
      result.refused = answer.type === "opaqueredirect" || answer.status === 403;
      result.stale = answer.status === 400;
      if (answer.ok || answer.status === 404 || answer.status === 409) {
        const content = await answer.json().catch(() => ({ message: LOST }));
        itemsOf(owner).remove([arrival]);
        result.words.push(content.message);
        result.noted.push({ shift: arrival.shift, done: answer.ok, words: content.message });
      }
      return !result.refused && !result.stale;
    },
  });
  await queue.flush();
  return result;
}

async function post({ action, at }, token) {
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
  for (const box of partsOf(document, `[data-arrival="${shift}"]`)) {
    const line = make("p", "arrival__done");
    line.append(icon(picture), make("span", "", words));
    box.classList.toggle("is-kept", kept);
    box.replaceChildren(line);
  }
}
