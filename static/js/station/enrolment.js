// An enrolment code that is typed, pasted or read leads to the page that enrols this device.
import { partOf } from "../page/elements.js";
import { request } from "../page/requests.js";
import { enrolmentCode } from "./codes.js";

const PLACE = "/scanner/enrolement/";
const PATIENCE_MS = 6000;
const goTo = (address) => location.assign(address);

// Answers what is wrong with it; nothing once the page changes, by `go(address)`.
export async function openEnrolment(text, go = goTo) {
  const code = enrolmentCode(text);
  if (!code) return "Ce n’est pas un code d’enrôlement\u00a0: douze lettres et chiffres, ou l’adresse entière.";
  try {
    await request("/healthz", { patience: PATIENCE_MS });
  } catch {
    return "L’enrôlement demande le réseau\u00a0: réessayez quand le serveur répond.";
  }
  go(PLACE + code);
  return "";
}

/** @param {HTMLFormElement} form */
export function wireEnrolment(form, go = goTo) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    partOf(form, "[role=alert]").textContent = await openEnrolment(partOf(form, "input", HTMLInputElement).value, go);
  });
}
