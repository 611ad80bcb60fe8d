// How a verdict looks, sounds and feels. One at a time, over the whole screen.
import { fill, make, partOf } from "../page/elements.js";

const SHOWN_MS = 1500;
const FACES = {
  accepted: ["accepted", "check-circle-fill"],
  re_entry: ["accepted", "check-circle-fill"],
  already_inside: ["already", "exclamation-triangle-fill"],
  exit: ["exit", "box-arrow-right"],
  to_confirm: ["confirm", "question-circle-fill"],
  station_revoked: ["waiting", "x-octagon-fill"],
  tried: ["waiting", "check-circle-fill"],
};
const REFUSED = ["refused", "x-octagon-fill"];
const SOUNDS = {
  accepted: [[880, 0, 0.09], [1320, 0.1, 0.14]],
  already: [[620, 0, 0.12], [620, 0.2, 0.12]],
  confirm: [[520, 0, 0.12], [780, 0.16, 0.2]],
  refused: [[190, 0, 0.5]],
  exit: [[990, 0, 0.09], [660, 0.1, 0.14]],
  waiting: [[520, 0, 0.2]],
};
const VIBRATIONS = { accepted: [80], already: [80, 80, 80], confirm: [80, 60, 200], refused: [400], exit: [40, 40, 40], waiting: [150] };

/** @type {AudioContext | null} */
let audio = null;

// Browsers allow sound after a first gesture, and iOS through its silent switch when it is asked to.
// `beeps`: the first time, so that the host knows what will be heard. What the system interrupts (a call, another application)
// is asked for again as soon as the page is seen, and at each gesture.
/** @param {{ beeps?: boolean }} [first] */
export function wakeSound({ beeps = false } = {}) {
  if (!audio && window.AudioContext) {
    const { audioSession } = /** @type {any} */ (navigator);
    if (audioSession) audioSession.type = "playback";
    audio = new AudioContext();
    if (beeps) audio.resume().then(() => play(SOUNDS.accepted), () => {});
    for (const event of ["visibilitychange", "pointerdown", "keydown"]) document.addEventListener(event, resume);
    audio.addEventListener("statechange", resume);
  }
  resume();
}

function resume() {
  if (isSilent() && !document.hidden) audio?.resume().catch(() => {});
}

// Whether verdicts are not heard, though they were asked to be.
export const isSilent = () => audio !== null && audio.state !== "running";

/** @returns {"ok" | "failed" | "untried"} As in check.js. */
export function soundState() {
  if (!window.AudioContext) return "failed";
  if (!audio) return "untried";
  return isSilent() ? "failed" : "ok";
}

function play(notes) {
  if (!audio || audio.state !== "running") return;
  for (const [pitch, start, length] of notes) {
    const note = audio.createOscillator();
    const volume = audio.createGain();
    note.frequency.value = pitch;
    volume.gain.value = 0.2;
    note.connect(volume).connect(audio.destination);
    note.start(audio.currentTime + start);
    note.stop(audio.currentTime + start + length);
  }
}

export const kindOf = (verdict) => (FACES[verdict] || REFUSED)[0];

function flag(words, category) {
  const element = make("span", category ? "category" : "", words);
  if (category) element.style.setProperty("--category", category);
  return element;
}

/** @type {(value?: unknown) => void} */
let close = () => {};

export function closeVerdict() {
  close();
}

// Shows a verdict in `box`, says it in `live`; answers when its time is over, or it was closed.
export async function showVerdict(box, live, icons, { verdict, word, message, warning, holder }) {
  const [kind, icon] = FACES[verdict] || REFUSED;
  const detail = [message === word ? "" : message, warning].filter(Boolean).join(" ");
  const from = holder ? [holder.function, holder.on_behalf_of].filter(Boolean).join(", ") : "";
  box.className = `verdict verdict--${kind}`;
  box.dataset.verdict = verdict;
  partOf(box, "use").setAttribute("href", `${icons}#${icon}`);
  fill(partOf(box, ".verdict__word"), word);
  fill(partOf(box, ".verdict__name"), holder ? holder.name : "");
  fill(partOf(box, ".verdict__detail"), detail);
  fill(partOf(box, ".verdict__from"), from);
  const flags = holder ? [flag(holder.category, holder.colour)] : [];
  if (holder?.vip) flags.push(flag("Invité d’honneur"));
  for (const need of holder ? holder.needs : []) flags.push(flag(need));
  partOf(box, ".verdict__flags").replaceChildren(...flags);
  box.hidden = false;
  live.textContent = [word, detail, holder ? holder.name : ""].filter(Boolean).map((one) => one.replace(/\.$/, "")).join(". ");
  play(SOUNDS[kind]);
  if (navigator.vibrate) navigator.vibrate(VIBRATIONS[kind]);
  await new Promise((done) => {
    close = done;
    setTimeout(done, SHOWN_MS);
  });
  close = () => {};
  box.hidden = true;
}
