// A sheet of boxes: how many are ticked, beside the button that sends them.
import { byId } from "../page/elements.js";
import { plural } from "../page/french.js";

const list = document.querySelector(".boxes__list");
const said = byId("boxes-count");

function count() {
  const ticked = list.querySelectorAll(":checked").length;
  said.textContent = ticked ? plural(ticked, "ligne cochée", "lignes cochées") : "";
}

list.addEventListener("change", count);
count();
