// A sheet of boxes: how many are ticked, beside the button that sends them.

const list = document.querySelector(".boxes__list");
const said = document.getElementById("boxes-count");

function count() {
  const ticked = list.querySelectorAll(":checked").length;
  said.textContent = ticked ? `${ticked}\u00a0ligne${ticked > 1 ? "s" : ""} cochée${ticked > 1 ? "s" : ""}` : "";
}

list.addEventListener("change", count);
count();
