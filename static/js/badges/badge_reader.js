// Reads badges one after the other without leaving the page; without this script the form does it.
const SAME_CODE_MS = 4000;
const ANSWER_MS = 6000;
const byId = (id) => document.getElementById(id);
const page = byId("check-in");
const form = byId("check-in-form");
const field = byId("code");
let last = { code: "", at: 0 };
let sending = false;

function say(words) {
  byId("check-in-problem").textContent = words;
}

async function send(code) {
  if (sending) return;
  sending = true;
  say("");
  const body = new FormData(form);
  body.set("code", code);
  try {
    const answer = await fetch(location.href, { method: "POST", body, signal: AbortSignal.timeout(ANSWER_MS) });
    // A form that leads elsewhere is followed there.
    if (answer.redirected && "follows" in form.dataset) return location.assign(answer.url);
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = read.getElementById("check-in-answer");
    if (next) byId("check-in-answer").replaceChildren(...next.childNodes);
    else say("Cet appareil n’est plus connecté, ou la page est trop ancienne\u00a0: rechargez-la.");
    field.value = "";
  } catch {
    say("Sans réponse du serveur\u00a0: rien n’est noté. Relisez le badge dans un instant.");
  }
  sending = false;
  field.focus();
}

// A reader set to an American keyboard on a French one gives wrong characters but right key codes.
const BADGE = /^(?:https?:\/\/[^/\s]+\/b\/)?[a-z2-7]{26}\/?$/i;
const SIGNS = { Slash: "/", Period: ".", Minus: "-", Semicolon: ":" };
let codes = "";

field.addEventListener("keydown", (event) => {
  const found = /^(?:Key|Digit|Numpad)(.)$/.exec(event.code);
  if (event.key.length === 1) codes += found ? found[1] : SIGNS[event.code] || "";
  else if (event.key === "Backspace") codes = "";
});

form.addEventListener("submit", (event) => {
  const typed = field.value.trim();
  if (!typed) return;
  event.preventDefault();
  send(!BADGE.test(typed) && BADGE.test(codes) ? codes : typed);
  codes = "";
});

function present(code) {
  const now = performance.now();
  const same = code === last.code && now - last.at < SAME_CODE_MS;
  last = { code, at: now };
  if (!same) send(code);
}

async function startCamera() {
  const video = byId("check-in-camera");
  const onFailure = () => say("La lecture par caméra n’a pas démarré\u00a0: rechargez la page, ou tapez le code.");
  try {
    const { openCamera } = await import(page.dataset.camera);
    const onLost = () => {
      byId("check-in-open").hidden = false;
      video.hidden = true;
      say("La caméra s’est arrêtée\u00a0: ouvrez-la de nouveau, ou tapez le code.");
    };
    await openCamera(video, present, { isBusy: () => sending, onFailure, onLost });
    say("");
  } catch {
    say("La caméra ne s’ouvre pas\u00a0: autorisez-la dans le navigateur, ou tapez le code.");
    return;
  }
  byId("check-in-open").hidden = true;
  video.hidden = false;
}

if (navigator.mediaDevices) {
  byId("check-in-open").hidden = false;
  byId("check-in-open").addEventListener("click", startCamera);
}
