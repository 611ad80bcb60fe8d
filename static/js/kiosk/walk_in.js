// Somebody without a badge registers at the kiosk, in three short steps of one form.
import { byId, fieldOf, findPart, make, partOf, partsOf } from "../page/elements.js";
import { plural } from "../page/french.js";
import { uuid } from "../page/identifiers.js";
import { call, contact } from "../station/station.js";
import { followFunction, missingIn, tellErrors, valuesOf } from "./forms.js";
import { announce, current, head, show } from "./screens.js";

const TYPED_MS = 250;
const SHORTEST = 2;
const PLACE_MISSING = "Indiquez la commune ou l’EPCI, ou bien un autre organisme.";
const LOOK_BELOW = "Vérifiez ce qui est indiqué sous les champs.";

/** @type {{ done: (code: string) => unknown, failed: (title: string, words: string) => void, leave: () => void }} */
let ends = { done() {}, failed() {}, leave() {} };
let key = "";
let step = 0;

const formNow = () => byId("walk-in-form", HTMLFormElement);
const stepsOf = (form) => partsOf(form, "[data-step]");

// `done(code)`: registered, with what their badge's QR holds; `failed(title, words)`: it cannot be done
// here; `leave()`: given up.
export function register({ done, failed, leave }) {
  ends = { done, failed, leave };
  if (contact.answers === false) {
    failed("Inscrivez-vous à l’accueil", "Sans réseau, la borne n’inscrit pas. L’accueil le fait avec vous, en un instant.");
    return;
  }
  key = uuid();
  show("walk-in", {
    does: { submit: goOn },
    fill(body) {
      followFunction(body);
      suggestPlaces(body);
    },
  });
  toggleBar(true);
  goTo(0);
}

// Whether somebody has begun to fill the form: no badge that passes by takes its place.
export function isFilling() {
  return current() === "walk-in" && Object.values(valuesOf(formNow())).some((value) => value.trim());
}

// The bar below is the form's while it is on the screen.
export function toggleBar(isWalkIn) {
  for (const id of ["abandon", "back", "next"]) byId(id).hidden = !isWalkIn;
  byId("end").hidden = isWalkIn;
  byId("abandon-dialog", HTMLDialogElement).close();
}

function goTo(number) {
  const steps = stepsOf(formNow());
  step = number;
  steps.forEach((one, i) => { one.hidden = i !== step; });
  const isLast = step === steps.length - 1;
  byId("back").hidden = step === 0;
  byId("next").textContent = isLast ? "M’inscrire" : "Suivant";
  head(steps[step].dataset.step, `Votre inscription, ${step + 1} sur ${steps.length}.`);
}

function goOn(form) {
  const steps = stepsOf(form);
  const errors = missingIn(steps[step]);
  const [commune, organisation] = [fieldOf(form, "commune"), fieldOf(form, "organisation")];
  if (steps[step].contains(commune) && !commune.value.trim() && !organisation.value.trim()) errors.commune = PLACE_MISSING;
  tellErrors(form, errors, LOOK_BELOW);
  if (Object.keys(errors).length) return;
  if (step < steps.length - 1) goTo(step + 1);
  else send(form);
}

async function send(form) {
  const sent = key;
  announce("Un instant…");
  const answer = await call("kiosk/registrations", { body: { ...valuesOf(form), submission_key: sent } });
  if (!form.isConnected || key !== sent) return;
  if (answer?.ok) {
    ends.done(answer.content.code);
  } else if (answer?.content.errors) {
    const { errors, choices, message } = answer.content;
    const wrong = stepsOf(form).findIndex((one) => Object.keys(errors).some((name) => findPart(one, `[data-field="${name}"]`)));
    if (wrong !== -1) goTo(wrong);
    tellErrors(form, errors, message);
    if (choices.length) offer(form, choices);
  } else {
    const words = answer ? answer.content.message : "Le réseau ne répond pas. Recommencez, ou adressez-vous à l’accueil.";
    ends.failed("L’inscription n’est pas faite", words);
  }
}

// What was typed is erased by nobody's mistake: a form that is not empty asks first.
export function wireBar() {
  byId("back").addEventListener("click", () => goTo(step - 1));
  byId("abandon").addEventListener("click", () => {
    if (isFilling()) byId("abandon-dialog", HTMLDialogElement).showModal();
    else ends.leave();
  });
  byId("resume").addEventListener("click", () => byId("abandon-dialog", HTMLDialogElement).close());
  byId("abandon-sure").addEventListener("click", () => ends.leave());
}

function offer(form, names) {
  const place = partOf(form, ".kiosk-places");
  const buttons = names.map((name) => {
    const button = make("button", "kiosk-button kiosk-button--plain", name);
    button.type = "button";
    button.addEventListener("click", () => {
      fieldOf(form, "commune").value = name;
      place.replaceChildren();
      place.hidden = true;
      fieldOf(form, "commune").focus();
      announce(`${name}, choisi.`);
    });
    return button;
  });
  place.replaceChildren(...buttons);
  place.hidden = !buttons.length;
}

function suggestPlaces(body) {
  const form = partOf(body, "form", HTMLFormElement);
  const field = fieldOf(form, "commune");
  let timer = 0;
  const look = async () => {
    const asked = field.value.trim();
    const answer = asked.length < SHORTEST ? null : await call(`kiosk/places?q=${encodeURIComponent(asked)}`);
    if (current() !== "walk-in" || field.value.trim() !== asked) return;
    const names = (answer?.ok && answer.content.places) || [];
    offer(form, names.filter((name) => name !== asked));
    if (names.length) announce(`${plural(names.length, "commune proposée", "communes proposées")}.`);
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, TYPED_MS);
  });
}
