// Which station this device is, what the server last told it, and the calls it makes.
import { request } from "../page/requests.js";
import { keepTime } from "../offline/clock.js";
import { REST_MS, StorageSilent, isStorageProblem } from "../offline/store.js";
import { CHECK, base } from "./store.js";

const API = "/api/v1/";
const PATIENCE_MS = 6000;
const MARK = "station-mark";

export const events = new EventTarget();
// The last contact: when (performance.now()), how long the answer took, whether the network answers.
/** @type {{ at: number | null, took: number | null, answers: boolean | null }} */
export const contact = { at: null, took: null, answers: null };

/** @typedef {{ token: string, id: number, kind: string, name: string, door: string }} Station */
/** @typedef {{ opens_at: string | null, closes_at: string | null, early_from: string | null }} Hours Of a day of a zone. */
/** @typedef {Hours & { id: number, label: string, admits: string[], vip_only: boolean, strict: boolean, hours?: Hours[], early_admits: string[], capacity: number | null, inside: number }} Zone */
/** @typedef {{ code: string, label: string, admits: string[], zone: Zone | null }} Door */
/** @typedef {{ closed?: string, lets_unknown_in?: boolean }} Rules */
/** @typedef {Rules & { got: number, station: { signed_in_seconds: number }, doors: Door[], categories: Record<string, [string, string]>, needs: Record<string, string>, code_key: string, qr_prefix: string, kiosk: any }} Configuration */
/** @type {Station | null} */
let station = null;
/** @type {Configuration | null} */
let told = null;

// {token, id, kind, name, door} or null; reads the configuration too.
export async function readStation() {
  if (!station) {
    station = (await base.read("meta", "station")) || null;
    told = (await base.read("meta", "config")) || null;
  }
  return station;
}

// The same once the device's memory answers: `tellSilence()` is called each time that it does not.
export async function stationOnceRead(tellSilence) {
  for (;;) {
    try {
      return await readStation();
    } catch (error) {
      if (!(error instanceof StorageSilent)) throw error;
      tellSilence();
      await new Promise((done) => { setTimeout(done, REST_MS); });
    }
  }
}

export async function keepStation(token, { id, kind, name, door }) {
  station = { token, id, kind, name, door };
  told = null;
  await base.write("meta", station, "station");
  await base.remove("meta", "config");
  localStorage.setItem(MARK, JSON.stringify({ id, name }));
  localStorage.removeItem(CHECK);
  askToPersist();
}

// Some browsers put the question to the person: nothing waits for the answer.
export function askToPersist() {
  navigator.storage?.persist?.().catch(() => {});
}

// What the device was, once it is none any more: {id, name, ended?} or null. Without `ended`, the
// browser has lost the rest.
export function formerStation() {
  return JSON.parse(localStorage.getItem(MARK) || "null");
}

// The last answer of GET /api/v1/station, or null.
export function config() {
  return told;
}

export async function refreshConfig() {
  const answer = await call("station");
  if (!answer?.ok) return false;
  told = { ...answer.content, got: Date.now() };
  events.dispatchEvent(new Event("config"));
  await base.write("meta", told, "config");
  return true;
}

// Token, list, configuration and what passed here go; the queue (hashes) stays.
export async function wipe() {
  station = null;
  told = null;
  for (const store of ["meta", "list", "seen"]) await base.clear(store);
}

export function forget() {
  localStorage.removeItem(MARK);
  localStorage.removeItem(CHECK);
}

// Calls the API. {ok, status, content} or null without a readable answer. 401 ends the station.
/**
 * @param {string} path
 * @param {{ body?: unknown, patience?: number, binary?: boolean }} [options]
 */
export async function call(path, { body, patience = PATIENCE_MS, binary = false } = {}) {
  const asked = station;
  if (!asked) return null;
  const sent = performance.now();
  let answer;
  /** @type {any} */
  let content;
  try {
    answer = await request(API + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { Authorization: `Bearer ${asked.token}`, ...(body !== undefined && { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      patience,
    });
    content = binary && answer.ok ? await answer.arrayBuffer() : await answer.json();
  } catch {
    noteContact(false, null);
    return null;
  }
  const took = performance.now() - sent;
  noteContact(answer.status < 500, took);
  if (answer.ok && content.now) keepTime(content.now, sent, { date: answer.headers.get("Date") });
  if (answer.status === 401 && station === asked) await end(asked);
  return { ok: answer.ok, status: answer.status, content, took };
}

// What a memory that does not answer holds is not known.
function unread(error) {
  if (!isStorageProblem(error)) throw error;
}

function noteContact(answers, took) {
  contact.answers = answers;
  if (answers) {
    contact.at = performance.now();
    contact.took = took;
  }
  events.dispatchEvent(new Event("contact"));
}

// The browser's word about the network is a hint, right or wrong: the server is asked.
for (const change of ["online", "offline"]) globalThis.addEventListener?.(change, () => call("time"));

async function end(asked) {
  // Another page may have enrolled the device again meanwhile.
  const kept = await base.read("meta", "station").catch(unread);
  if (kept && kept.token !== asked.token) {
    station = kept;
    return;
  }
  await wipe().catch(unread); // else at the next opening, whose first call is refused too
  localStorage.setItem(MARK, JSON.stringify({ ...formerStation(), ended: true }));
  events.dispatchEvent(new Event("revoked"));
}

base.afterLoss(async () => {
  if (station) await base.write("meta", station, "station");
  if (told) await base.write("meta", told, "config");
});
