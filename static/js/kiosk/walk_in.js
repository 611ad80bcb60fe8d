// Somebody without a badge registers at the kiosk.
import { uuid } from "../station/queue.js";
import { call, contact } from "../station/station.js";
import { followFunction, tellErrors, valuesOf } from "./forms.js";
import { announce, current, show } from "./screens.js";

const TYPED_MS = 250;
const SHORTEST = 2;

// `done(code)`: registered, with what their badge's QR holds. `failed(title, words)` otherwise.
export function register(done, failed) {
  if (!navigator.onLine || contact.answers === false) {
    failed("Inscrivez-vous à l’accueil", "Sans réseau, la borne n’inscrit pas. L’accueil le fait avec vous, en un instant.");
    return;
  }
  const key = uuid();
  show("walk-in", {
    title: "Inscrivez-vous",
    lead: "Il vous restera à toucher «\u00a0Imprimer mon badge\u00a0».",
    does: { submit: (form) => send(form, key, done, failed) },
    fill(body) {
      followFunction(body);
      suggestPlaces(body);
    },
  });
}

async function send(form, key, done, failed) {
  announce("Un instant…");
  const answer = await call("kiosk/registrations", { body: { ...valuesOf(form), submission_key: key } });
  if (!form.isConnected) return;
  if (answer?.ok) {
    done(answer.content.code);
  } else if (answer?.content.errors) {
    tellErrors(form, answer.content.errors, answer.content.message);
    if (answer.content.choices.length) offer(form, answer.content.choices);
  } else {
    const words = answer ? answer.content.message : "Le réseau ne répond pas. Recommencez, ou adressez-vous à l’accueil.";
    failed("L’inscription n’est pas faite", words);
  }
}

function offer(form, names) {
  const place = form.querySelector(".kiosk-places");
  const buttons = names.map((name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kiosk-button kiosk-button--plain";
    button.textContent = name;
    button.addEventListener("click", () => {
      form.elements.commune.value = name;
      place.replaceChildren();
      place.hidden = true;
      form.elements.commune.focus();
      announce(`${name}, choisi.`);
    });
    return button;
  });
  place.replaceChildren(...buttons);
  place.hidden = !buttons.length;
}

function suggestPlaces(body) {
  const form = body.querySelector("form");
  const field = form.elements.commune;
  let timer = 0;
  const look = async () => {
    const asked = field.value.trim();
    const answer = asked.length < SHORTEST ? null : await call(`kiosk/places?q=${encodeURIComponent(asked)}`);
    if (current() !== "walk-in" || field.value.trim() !== asked) return;
    const names = (answer?.ok && answer.content.places) || [];
    offer(form, names.filter((name) => name !== asked));
    if (names.length) announce(`${names.length}\u00a0commune${names.length > 1 ? "s" : ""} proposée${names.length > 1 ? "s" : ""}.`);
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, TYPED_MS);
  });
}
