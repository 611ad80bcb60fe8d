// The scanner of a station: reads badges (camera, typing reader, name), shows the verdict, and
// keeps each scan on the device until the server has acknowledged it.
const page = document.getElementById("scanner").dataset;
const byId = (id) => document.getElementById(id);

const SHOWN_MS = 1500;
const SAME_CODE_MS = 3000;
const ANSWER_MS = 4000;
const RETRY_MS = 4000;
const SYNC_MS = 60000;
const KEY_GAP_MS = 250;
const BATCH = 100;
const LONGEST_CODE = 4296;
const PREFIX = "passage:";
const FACES = {
  accepted: ["accepted", "check-circle-fill"],
  re_entry: ["accepted", "check-circle-fill"],
  already_inside: ["already", "exclamation-triangle-fill"],
  exit: ["exit", "box-arrow-right"],
  waiting: ["waiting", "hourglass-split"],
  station_revoked: ["waiting", "x-octagon-fill"],
};
const REFUSED = ["refused", "x-octagon-fill"];
const SOUNDS = {
  accepted: [[880, 0, 0.09], [1320, 0.1, 0.14]],
  already: [[620, 0, 0.12], [620, 0.2, 0.12]],
  refused: [[190, 0, 0.5]],
  exit: [[990, 0, 0.09], [660, 0.1, 0.14]],
  waiting: [[520, 0, 0.2]],
};
const VIBRATIONS = { accepted: [80], already: [80, 80, 80], refused: [400], exit: [40, 40, 40], waiting: [150] };

let station = JSON.parse(localStorage.getItem("station") || "null");
let direction = "in";
const counts = { in: 0, out: 0, refused: 0 };

// --- The fair's time -------------------------------------------------------------------------
let clock = { offset: Number(localStorage.getItem("clock-offset") || 0), at: null };

function keepTime(text, sent = performance.now()) {
  const middle = (sent + performance.now()) / 2;
  clock = { at: Date.parse(text), from: middle, offset: 0 };
  clock.offset = clock.at + performance.now() - middle - Date.now();
  localStorage.setItem("clock-offset", String(Math.round(clock.offset)));
}

function fairTime() {
  const now = clock.at === null ? Date.now() + clock.offset : clock.at + performance.now() - clock.from;
  return new Date(now).toISOString();
}

async function synchronise() {
  const sent = performance.now();
  try {
    const answer = await fetch(page.time, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
    if (answer.ok) keepTime((await answer.json()).now, sent);
  } catch {
    // No network: the last known offset serves until the next try.
  }
}

// --- The queue: one entry of localStorage per scan, so that two tabs never overwrite each other --
function queued() {
  const scans = [];
  for (let i = 0; i < localStorage.length; i += 1) {
    const key = localStorage.key(i);
    if (key.startsWith(PREFIX)) scans.push(JSON.parse(localStorage.getItem(key)));
  }
  return scans.sort((a, b) => a.scanned_at.localeCompare(b.scanned_at));
}

function keep(scan) {
  localStorage.setItem(PREFIX + scan.scan_id, JSON.stringify(scan));
}

function tellQueue() {
  const scans = queued();
  const refused = scans.filter((scan) => scan.problem).length;
  const waiting = scans.length - refused;
  const words = [];
  if (waiting) words.push(`${waiting}\u00a0passage${waiting > 1 ? "s" : ""} en attente`);
  if (refused) words.push(`${refused}\u00a0passage${refused > 1 ? "s" : ""} à vérifier`);
  if (byId("waiting").textContent !== words.join(", ")) byId("waiting").textContent = words.join(", ");
}

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// Sends scans; answers the results by scan_id, or null when they stay in the queue.
async function send(scans) {
  const sent = performance.now();
  const body = scans.map(({ scan_id, code, scanned_at, door, direction: way }) => (
    { scan_id, code, scanned_at, door, direction: way }));
  let answer;
  let content;
  try {
    answer = await fetch(page.api, {
      method: "POST",
      headers: { "Authorization": `Bearer ${station.token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ scans: body }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    content = await answer.json();
  } catch {
    return null;
  }
  if (answer.ok) {
    keepTime(content.now, sent);
    content.results.forEach((result) => localStorage.removeItem(PREFIX + result.scan_id));
    return new Map(content.results.map((result) => [result.scan_id, result]));
  }
  if (answer.status === 400) {
    for (const { index, message } of content.errors || []) {
      keep({ ...scans[index], problem: message });
    }
  }
  if (answer.status === 401) revoked();
  return null;
}

let sending = Promise.resolve();

function flush() {
  sending = sending.then(async () => {
    const scans = queued().filter((scan) => !scan.problem).slice(0, BATCH);
    if (station && scans.length) await send(scans);
    tellQueue();
  });
  return sending;
}

// --- A badge was read ------------------------------------------------------------------------
let last = { code: null, at: 0 };
let current = null;
let closeVerdict = () => {};
const upcoming = [];

// A reading while a verdict is on the screen takes its place; the same code again is one scan.
async function present(code) {
  const now = performance.now();
  const same = code === last.code && now - last.at < SAME_CODE_MS;
  if (same) last.at = now;
  if (same || code === current || upcoming.includes(code) || !station) return;
  upcoming.push(code);
  closeVerdict();
  if (current !== null) return;
  while (upcoming.length) {
    current = upcoming.shift();
    await record(current);
    last = { code: current, at: performance.now() };
  }
  current = null;
}

async function record(code) {
  const scan = {
    scan_id: uuid(), code: code.slice(0, LONGEST_CODE), scanned_at: fairTime(),
    door: byId("door").value || station.door, direction,
  };
  keep(scan);
  const results = await send([scan]);
  tellQueue();
  const result = results && results.get(scan.scan_id);
  await show(result || (station ? {
    verdict: "waiting",
    word: "Passage gardé",
    message: "Sans réponse du serveur\u00a0: le passage sera envoyé dès que possible.",
  } : {
    verdict: "station_revoked",
    word: "Station révoquée",
    message: "Le passage est gardé sur cet appareil. Demandez un nouveau code à l’organisation.",
  }));
}

function text(element, words) {
  element.textContent = words;
  element.hidden = !words;
}

function flag(words, category) {
  const element = document.createElement("span");
  element.textContent = words;
  if (category) {
    element.className = "category";
    element.style.setProperty("--category", category);
  }
  return element;
}

async function show({ verdict, word, message, holder }) {
  const [kind, icon] = FACES[verdict] || REFUSED;
  if (kind === "refused") counts.refused += 1;
  if (kind === "accepted") counts.in += 1;
  if (kind === "exit") counts.out += 1;
  text(byId("counts"), `Entrées ${counts.in} · Sorties ${counts.out} · Refus ${counts.refused}`);
  const box = byId("verdict");
  box.className = `verdict verdict--${kind}`;
  box.dataset.verdict = verdict;
  box.querySelector("use").setAttribute("href", `${page.icons}#${icon}`);
  text(box.querySelector(".verdict__word"), word);
  text(box.querySelector(".verdict__name"), holder ? holder.name : "");
  const from = holder ? [holder.function, holder.on_behalf_of].filter(Boolean).join(", ") : "";
  text(box.querySelector(".verdict__detail"), message === word ? "" : message);
  text(box.querySelector(".verdict__from"), from);
  const flags = holder ? [flag(holder.category, holder.colour)] : [];
  if (holder && holder.vip) flags.push(flag("Invité d’honneur"));
  for (const need of holder ? holder.needs : []) flags.push(flag(need));
  box.querySelector(".verdict__flags").replaceChildren(...flags);
  box.hidden = false;
  byId("announce").textContent = [word, message === word ? "" : message, holder ? holder.name : ""].filter(Boolean).join(". ");
  play(SOUNDS[kind]);
  if (navigator.vibrate) navigator.vibrate(VIBRATIONS[kind]);
  if (!upcoming.length) {
    await new Promise((done) => {
      closeVerdict = done;
      setTimeout(done, SHOWN_MS);
    });
  }
  closeVerdict = () => {};
  box.hidden = true;
}

// --- Sound: browsers allow it after a first gesture ----------------------------------------------
let audio = null;

function wakeSound() {
  audio = audio || (window.AudioContext ? new AudioContext() : null);
  if (audio && audio.state === "suspended") audio.resume();
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

// --- Camera --------------------------------------------------------------------------------------
async function openCamera() {
  wakeSound();
  const video = byId("camera");
  try {
    const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    await video.play();
  } catch {
    byId("camera-problem").textContent = "La caméra ne s’ouvre pas\u00a0: autorisez-la dans le navigateur, ou servez-vous d’un lecteur ou de la recherche par nom.";
    return;
  }
  byId("start").hidden = true;
  video.hidden = false;
  if (navigator.wakeLock) navigator.wakeLock.request("screen").catch(() => {});
  readFrames(video);
}

function readFrames(video) {
  const worker = new Worker(page.worker, { type: "module" });
  const next = async () => {
    if (current !== null || document.hidden || video.readyState < 2) {
      setTimeout(next, 60);
      return;
    }
    try {
      const bitmap = await createImageBitmap(video);
      worker.postMessage({ bitmap }, [bitmap]);
    } catch {
      setTimeout(next, 200); // a frame that cannot be taken is not the end of the loop
    }
  };
  worker.onmessage = ({ data }) => {
    if (data.failed) {
      byId("start").hidden = false;
      byId("camera-problem").textContent = "La lecture par caméra n’a pas démarré\u00a0: rechargez la page.";
      return;
    }
    if (data.text) present(data.text);
    setTimeout(next, 40);
  };
  worker.postMessage({ reader: page.reader, wasm: page.wasm });
}

// --- Readers that type: fast keys, then Enter or Tab ------------------------------------------------
// A reader set to an American keyboard on a French one gives wrong characters but right key codes.
const BADGE = /^(?:https?:\/\/[^/\s]+\/b\/)?[a-z2-7]{26}\/?$/i;
const SIGNS = { Slash: "/", Period: ".", Minus: "-", Semicolon: ":" };
let typed = { keys: "", codes: "", at: 0 };

function physical(event) {
  const found = /^(?:Key|Digit|Numpad)(.)$/.exec(event.code);
  return found ? found[1] : SIGNS[event.code] || "";
}

function onKey(event) {
  wakeSound();
  if (event.ctrlKey || event.metaKey || event.altKey || byId("search").open) return;
  const now = performance.now();
  if (now - typed.at > KEY_GAP_MS) typed = { keys: "", codes: "", at: now };
  typed.at = now;
  if ((event.key === "Enter" || event.key === "Tab") && typed.keys.length > 3) {
    event.preventDefault();
    const { keys, codes } = typed;
    typed = { keys: "", codes: "", at: 0 };
    present(!BADGE.test(keys) && BADGE.test(codes) ? codes : keys);
  } else if (event.key.length === 1) {
    if (typed.keys || event.key !== " ") event.preventDefault();
    typed.keys += event.key;
    typed.codes += physical(event);
  }
}

// --- Search by name ----------------------------------------------------------------------------------
async function search(event) {
  event.preventDefault();
  const words = byId("search-text").value.trim();
  if (BADGE.test(words)) {
    choose(words);
    return;
  }
  byId("search-found").replaceChildren();
  let message = "La recherche demande le réseau\u00a0: recommencez dans un instant.";
  try {
    const answer = await fetch(`${page.search}?q=${encodeURIComponent(words)}`, {
      headers: { "Authorization": `Bearer ${station.token}` },
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const content = await answer.json();
    if (answer.ok) {
      const found = content.attendees;
      message = found.length ? `${found.length}\u00a0personne${found.length > 1 ? "s" : ""}` : "Personne de ce nom\u00a0: vérifiez l’orthographe, ou adressez la personne à l’accueil.";
      byId("search-found").replaceChildren(...found.map(foundPerson));
    } else {
      message = content.message;
      if (answer.status === 401) revoked();
    }
  } catch {
    // The message above says it.
  }
  byId("search-count").textContent = message;
}

function foundPerson(person) {
  const row = document.createElement("li");
  const button = document.createElement("button");
  const name = document.createElement("strong");
  name.textContent = person.name;
  const more = [person.function, person.on_behalf_of, person.category, person.state_label];
  button.type = "button";
  button.append(name, more.filter(Boolean).join(", "));
  button.addEventListener("click", () => choose(person.code));
  row.append(button);
  return row;
}

function choose(code) {
  byId("search").close();
  last = { code: null, at: 0 };
  present(code);
}

// --- Start -------------------------------------------------------------------------------------------
function revoked() {
  station = null;
  localStorage.removeItem("station");
  byId("start").hidden = true;
  byId("camera").hidden = true;
  byId("tools").hidden = true;
  byId("station-name").textContent = "Station révoquée";
  byId("not-enrolled").hidden = false;
}

async function start() {
  tellQueue();
  if (!station) return;
  byId("not-enrolled").hidden = true;
  byId("start").hidden = false;
  byId("tools").hidden = false;
  byId("station-name").textContent = station.name;
  const door = byId("door");
  door.value = localStorage.getItem("door") || station.door;
  door.addEventListener("change", () => localStorage.setItem("door", door.value));
  for (const button of document.querySelectorAll("[data-direction]")) {
    button.addEventListener("click", () => {
      direction = button.dataset.direction;
      last = { code: null, at: 0 };
      for (const one of document.querySelectorAll("[data-direction]")) {
        one.setAttribute("aria-pressed", String(one === button));
      }
    });
  }
  byId("verdict").addEventListener("click", () => closeVerdict());
  byId("open-camera").addEventListener("click", openCamera);
  byId("open-search").addEventListener("click", () => byId("search").showModal());
  byId("close-search").addEventListener("click", () => byId("search").close());
  byId("search-form").addEventListener("submit", search);
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) synchronise(); });
  window.addEventListener("online", flush);
  setInterval(flush, RETRY_MS);
  setInterval(synchronise, SYNC_MS);
  await synchronise();
  await flush();
}

start();
