// The ticked lines of lists (templates/macros/lists.html): « Tout cocher », and how many are ticked.
// Without this script the boxes alone do the work.
import { plural } from "./french.js";

function follow(list) {
  const boxesIn = (part) => [...part.querySelectorAll(`input[name="${list.dataset.ticks}"]`)];
  const tickedIn = (boxes) => boxes.filter((box) => box.checked).length;
  const groups = [...list.querySelectorAll("[data-tick-all]")].map((all) => ({ all, boxes: boxesIn(all.closest("table") ?? list) }));
  const said = list.querySelector("[data-ticked]");

  function show() {
    for (const { all, boxes } of groups) {
      const ticked = tickedIn(boxes);
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    if (!said) return;
    const boxes = boxesIn(list);
    const ticked = tickedIn(boxes);
    if ("total" in said.dataset) said.textContent = `${ticked} sur ${boxes.length}`;
    else said.textContent = ticked ? plural(ticked, said.dataset.ticked, said.dataset.many) : "";
  }

  for (const { all, boxes } of groups) {
    all.closest("[hidden]").hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
    });
  }
  list.addEventListener("change", show);
  show();
}

for (const list of document.querySelectorAll("[data-ticks]")) follow(list);
