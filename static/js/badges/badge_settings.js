// The pictures of the sample badges follow the choices. Without this script, « Voir » does it.
import { dataOf, partOf, partsOf } from "../page/elements.js";

const WAIT_MS = 250;
const UNASKED = ["csrf_token", "stamp", "original_colours"];

const form = partOf(document, "form.form", HTMLFormElement);
const { address } = dataOf(partOf(document, ".badge-previews"));
const pictures = partsOf(document, ".badge-preview img", HTMLImageElement);
let timer = 0;

function showChoices() {
  const choices = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  for (const name of UNASKED) choices.delete(name);
  for (const picture of pictures) {
    choices.set("paper", dataOf(picture).paper);
    picture.src = `${address}?${choices}`;
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(showChoices, WAIT_MS);
});
