// The plan of a hall: the view moves, the search answers as one types, a stand of the address is shown.
import { byId, findById, partOf, partsOf } from "../page/elements.js";
import { folded } from "../page/french.js";
import { View, bindZoom } from "./view.js";

const svg = byId("plan-drawing", SVGSVGElement);
const said = byId("plan-said");
const search = byId("plan-q", HTMLInputElement);
const rows = partsOf(document, "#plan-rows tr");
const view = new View(svg);

for (const id of ["plan-tools", "plan-keys"]) byId(id).hidden = false;
bindZoom(view, partsOf(document, "[data-zoom]"));
svg.setAttribute("tabindex", "0");
svg.addEventListener("keydown", (event) => view.key(event));

const keys = rows.map((row) => folded(row.children[1].textContent));

function placeOf(number) { return findById(`stand-${number}`, SVGGElement); }

function find() {
  const asked = folded(search.value);
  let shown = 0;
  rows.forEach((row, index) => {
    const found = !asked || keys[index].includes(asked) || folded(row.dataset.stand) === asked;
    row.hidden = !found;
    shown += found;
    placeOf(row.dataset.stand)?.classList.toggle("is-found", Boolean(asked) && found);
  });
  const none = findById("plan-none");
  if (none) none.hidden = shown > 0;
  said.textContent = asked ? (shown === 1 ? "1 stand trouvé." : `${shown} stands trouvés.`) : "";
}

function show(number) {
  const place = placeOf(number);
  if (!place) return;
  partsOf(document, ".is-chosen").forEach((one) => one.classList.remove("is-chosen"));
  place.classList.add("is-chosen");
  const box = partOf(place, "rect", SVGRectElement).getBBox();
  const { e: x = 0, f: y = 0 } = place.transform.baseVal.consolidate()?.matrix ?? {};
  view.show({ x, y, width: box.width, height: box.height });
  said.textContent = `Stand ${number} au milieu du dessin.`;
}

function showAddress() {
  const asked = decodeURIComponent(location.hash);
  if (asked.startsWith("#stand-")) show(asked.slice("#stand-".length));
}

search.addEventListener("input", find);
search.form?.addEventListener("submit", (event) => {
  const found = rows.filter((row) => !row.hidden);
  if (!found.length || !folded(search.value)) return;
  event.preventDefault();
  location.hash = `stand-${found[0].dataset.stand}`;
  show(found[0].dataset.stand);
  svg.scrollIntoView({ block: "nearest" });
});
addEventListener("hashchange", showAddress);
if (search.value) find();
showAddress();
