// The pictures of the sample badges follow the choices. Without this script, « Voir » does it.
const WAIT_MS = 250;
const UNASKED = ["csrf_token", "stamp", "original_colours"];

const form = document.querySelector("form.form");
const { address } = document.querySelector(".badge-previews").dataset;
const pictures = document.querySelectorAll(".badge-preview img");
let timer = 0;

function showChoices() {
  const choices = new URLSearchParams(new FormData(form));
  for (const name of UNASKED) choices.delete(name);
  for (const picture of pictures) {
    choices.set("paper", picture.dataset.paper);
    picture.src = `${address}?${choices}`;
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(showChoices, WAIT_MS);
});
