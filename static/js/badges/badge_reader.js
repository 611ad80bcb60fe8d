// Reads badges one after the other without leaving the page; without this script the form does it.
import { keepAwake } from "../page/awake.js";
import { byId, parse } from "../page/elements.js";
import { request } from "../page/requests.js";
import { cameraOf } from "../station/camera.js";
import { withoutRepeats } from "../station/codes.js";
import { physicalKey, readingOf } from "../station/typed.js";

const form = byId("check-in-form", HTMLFormElement);
const field = byId("code", HTMLInputElement);
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
    const answer = await request(location.href, { method: "POST", body, redirect: "follow", patience: 6000 });
    // A form that leads elsewhere is followed there.
    if (answer.redirected && "follows" in form.dataset) return location.assign(answer.url);
    const read = parse(await answer.text());
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
let codes = "";

field.addEventListener("keydown", (event) => {
  if (event.key.length === 1) codes += physicalKey(event);
  else if (event.key === "Backspace") codes = "";
});

form.addEventListener("submit", (event) => {
  const typed = field.value.trim();
  if (!typed) return;
  event.preventDefault();
  send(readingOf(typed, codes));
  codes = "";
});

const camera = cameraOf({
  video: byId("check-in-camera", HTMLVideoElement),
  place: byId("check-in-open"),
  onCode: withoutRepeats(send),
  isBusy: () => sending,
  tell: say,
  words: {
    refused: "La caméra ne s’ouvre pas\u00a0: autorisez-la dans le navigateur, ou tapez le code.",
    failed: "La lecture par caméra n’a pas démarré\u00a0: rechargez la page, ou tapez le code.",
    lost: "La caméra s’est arrêtée\u00a0: ouvrez-la de nouveau, ou tapez le code.",
  },
});

if (navigator.mediaDevices) {
  byId("check-in-open").hidden = false;
  byId("check-in-open").addEventListener("click", camera.open);
}
keepAwake();
