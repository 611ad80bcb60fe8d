// The ticked lines of lists (templates/macros/lists.html): « Tout cocher », and how many are ticked.
// Without this script the boxes alone do the work.
import { closestTo, findPart, partsOf } from "./elements.js";
import { plural } from "./french.js";

function follow(list) {
  const boxesIn = (part) => partsOf(part, `input[name="${list.dataset.ticks}"]`, HTMLInputElement);
  const tickedIn = (boxes) => boxes.filter((box) => box.checked).length;
  const groups = partsOf(list, "[data-tick-all]", HTMLInputElement).map((all) => ({ all, boxes: boxesIn(all.closest("table") ?? list) }));
  const said = findPart(list, "[data-ticked]");

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
    const line = closestTo(all, "[hidden]");
    if (line) line.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
    });
  }
  list.addEventListener("change", show);
  show();
}

for (const list of partsOf(document, "[data-ticks]")) follow(list);
