// Codes typed one after the other: the field is free at once, the answers follow in order.
// Nothing is lost while the server does not answer: the codes wait on this device, also when the page
// is closed, and are sent again.
import { Queue, StoredItems } from "../offline/queue.js";
import { Store, isStorageProblem } from "../offline/store.js";
import { byId, fieldOf, findById, parse, partsOf } from "../page/elements.js";
import { dayOf, plural } from "../page/french.js";
import { uuid } from "../page/identifiers.js";
import { Refused, request } from "../page/requests.js";

const AGAIN_MS = 3000;
const MODULUS = 97;
const MOST_SHOWN = 60;
const MOST_SENT = 100;
const SEVERAL = /[\s,;/]+/;
const NO_ANSWER = "Sans réponse du serveur\u00a0: les codes attendent sur cet appareil et partiront seuls, même si cette page est fermée puis rouverte.";
const OTHER_DAY = "Ces codes ont été tapés un autre jour\u00a0: vérifiez la porte et l’heure, puis Entrée.";
const WRONG = "Ce code n’est pas juste\u00a0: relisez les deux derniers chiffres.";

const form = byId("paper-form", HTMLFormElement);
const field = byId("codes", HTMLInputElement);
const list = byId("typed");
const problem = byId("paper-problem");
const counts = byId("paper-counts");
/** @typedef {{ id: string, at: number, codes: string, count: number, said: [string, string][] }} Entry */
/** @type {Entry[]} */
const waiting = [];
const items = new StoredItems(new Store(`paper:${new URL(form.action).pathname}`, (base) => base.createObjectStore("queue", { keyPath: "id" })), "id");
const stored = new Set();
const total = { noted: 0, known: 0, odd: 0 };
/** @type {AudioContext | null} */
let audio = null;

// ISO 7064 MOD 97-10: the whole number leaves 1.
function isRight(code) {
  const digits = code.replace(/\s/g, "");
  return /^[1-9][0-9]{2,11}$/.test(digits) && Number(digits) % MODULUS === 1;
}

function sound(pitch) {
  audio = audio || (window.AudioContext ? new AudioContext() : null);
  if (!audio) return;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.value = 0.15;
  tone.frequency.value = pitch;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.18);
}

function say(words) {
  problem.textContent = words;
  field.toggleAttribute("aria-invalid", Boolean(words));
  if (words) sound(180);
}

function tell() {
  const parts = [];
  const tally = (count, ...words) => count && parts.push(plural(count, ...words));
  tally(total.noted, "passage noté", "passages notés");
  tally(total.odd, "à vérifier", "à vérifier");
  tally(total.known, "déjà saisi");
  const unsent = waiting.reduce((sum, one) => sum + one.count, 0);
  if (unsent) parts.push(`${unsent}\u00a0en attente du réseau`);
  counts.textContent = parts.join(" – ");
  counts.dataset.noted = String(total.noted);
}

// What is said of the place and the hour goes with the code: it may change while the code waits.
/** @returns {[string, string][]} */
function pointing() {
  const said = /** @type {[string, string][]} */ ([...new FormData(form)]);
  return said.filter(([name]) => !["codes", "csrf_token"].includes(name));
}

function together() {
  const same = String(waiting[0]?.said);
  const sent = [];
  let count = 0;
  for (const entry of waiting) {
    if (String(entry.said) !== same || (sent.length && count + entry.count > MOST_SENT)) break;
    sent.push(entry);
    count += entry.count;
  }
  return sent;
}

async function send(sent) {
  const body = new FormData();
  for (const [name, value] of sent[0].said) body.append(name, value);
  body.append("csrf_token", fieldOf(form, "csrf_token").value);
  body.set("codes", sent.map(({ codes }) => codes).join("; "));
  try {
    const answer = await request(form.action, { method: "POST", body, redirect: "follow", headers: { Accept: "application/json" } });
    if (answer.status >= 500) throw new Refused(answer.status);
    if (answer.redirected || !answer.headers.get("Content-Type")?.startsWith("application/json")) {
      say("Cet appareil n’est plus connecté, ou la page est trop ancienne\u00a0: notez les codes en attente, puis rechargez.");
      return false;
    }
    const said = await answer.json();
    waiting.splice(0, sent.length);
    settle(sent);
    if (said.problem) giveBack(sent, said.problem);
    else show(said);
  } catch {
    say(NO_ANSWER);
    setTimeout(flush, AGAIN_MS);
    return false;
  } finally {
    tell();
  }
  if (!waiting.length && problem.textContent === NO_ANSWER) say("");
  return true;
}

const queue = new Queue({ next: together, send });
const flush = () => queue.flush();

// Nothing of these was noted: they are in the field again, before what is being typed and apart
// from it.
function giveBack(refused, words) {
  field.value = [...refused.map(({ codes }) => codes), field.value.trimStart()].join("; ");
  say(`${words} Rien n’est noté de ces codes\u00a0: ils sont revenus dans le champ.`);
}

function show(answer) {
  const read = parse(`<ol>${answer.lines}</ol>`);
  list.prepend(...partsOf(read, "li"));
  while (list.children.length > MOST_SHOWN) list.lastElementChild?.remove();
  findById("typed-empty")?.remove();
  for (const state of answer.states) if (state in total) total[state] += 1;
  if (answer.states.some((state) => !(state in total))) {
    const one = answer.states.length === 1;
    say(one && answer.states[0] === "misread" ? WRONG : "Un code au moins est à relire\u00a0: voyez la liste.");
  } else if (answer.states.includes("odd")) sound(320);
}

async function settle(sent) {
  for (const { id } of sent) stored.delete(id);
  await items.remove(sent).catch(unkept); // noted twice, a code counts once
}

// A full device holds the codes in this page: it warns before it is closed.
function unkept(error) {
  if (!isStorageProblem(error)) throw error;
}

async function add(codes, count) {
  say("");
  const entry = { id: uuid(), at: Date.now(), codes, count, said: pointing() };
  waiting.push(entry);
  field.value = "";
  tell();
  await items.put(entry).then(() => stored.add(entry.id), unkept);
  flush();
}

// What the page held when it was closed. The hour has no day: what was typed another day is read again.
async function restore() {
  const left = /** @type {Entry[]} */ (await items.all().catch(unkept) ?? []);
  left.sort((one, other) => one.at - other.at);
  const isOfToday = ({ at }) => dayOf(at) === dayOf(Date.now());
  const [today, before] = [left.filter(isOfToday), left.filter((entry) => !isOfToday(entry))];
  for (const { id } of today) stored.add(id);
  waiting.unshift(...today);
  if (before.length) {
    field.value = [...before.map(({ codes }) => codes), field.value.trimStart()].join("; ");
    say(OTHER_DAY);
    await settle(before);
  }
  tell();
  flush();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = field.value.replace(/[\s,;/]+$/, "").trimStart();
  field.focus();
  if (!typed) return;
  if (isRight(typed)) add(typed, 1);
  else if (SEVERAL.test(typed) && !/^[0-9]+\s+[0-9]{2}$/.test(typed)) add(typed, typed.split(/[,;/]+|\s{2,}/).length);
  else {
    // Said at once, and the field stays as it is: only the wrong digit is to be changed.
    say(WRONG);
    field.select();
  }
});

// Lines that are pasted stay apart: a field of one line would join them.
field.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text") || "";
  if (!/[\r\n\t]/.test(text)) return;
  event.preventDefault();
  const joined = text.trim().split(/[\r\n\t]+/).join("; ");
  field.setRangeText(joined, field.selectionStart ?? 0, field.selectionEnd ?? 0, "end");
});

window.addEventListener("beforeunload", (event) => {
  const isHeld = items.unwritten > 0 || waiting.some(({ id }) => !stored.has(id));
  if (isHeld || field.value.trim()) event.preventDefault();
});

field.focus();
restore();
