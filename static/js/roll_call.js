// The ticks of a roll-call: how many are seen and missing, and the ticks again after the list was made again.
// What is kept of them is numbers of rows, until the tab is closed; without this script the boxes alone do the work.
import { byId, dataOf, partsOf } from "./page/elements.js";
import { plural } from "./page/french.js";

const list = byId("roll-call");
const only = byId("roll-call-missing");
const key = `roll-call ${dataOf(list).day}`;
const boxes = partsOf(list, "input", HTMLInputElement);

function show() {
  const seen = boxes.filter((box) => box.checked);
  sessionStorage.setItem(key, JSON.stringify(seen.map((box) => box.value)));
  byId("roll-call-count").textContent = `${plural(seen.length, "vue")}, ${plural(boxes.length - seen.length, "manque", "manquent")}`;
}

const kept = new Set(JSON.parse(sessionStorage.getItem(key) ?? "[]"));
for (const box of boxes) {
  if (!kept.has(box.value)) continue;
  box.checked = true;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}
list.addEventListener("change", show);
only.addEventListener("click", () => {
  only.setAttribute("aria-pressed", String(list.classList.toggle("roll-call--missing")));
});
byId("roll-call-bar").hidden = false;
show();
