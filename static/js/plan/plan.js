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

// As one types: the rows whose name holds the words, or whose number they are.
function find() {
  const words = folded(search.value);
  const numbers = rows.map((row) => row.dataset.stand);
  mark(words ? numbers.filter((number, index) => keys[index].includes(words) || folded(number) === words) : null);
}

// What the server found for the words that the page was asked with; elsewhere, the hall stays whole.
function showAnswer() {
  const numbers = partsOf(document, "#plan-found [data-stand]").map((link) => link.dataset.stand);
  const inHall = numbers.filter((number) => placeOf(number));
  mark(inHall.length ? inHall : null);
}

// `numbers`: the stands to show alone, null for all.
function mark(numbers) {
  partsOf(svg, ".is-found").forEach((place) => place.classList.remove("is-found"));
  numbers?.forEach((number) => placeOf(number)?.classList.add("is-found"));
  rows.forEach((row) => { row.hidden = numbers !== null && !numbers.includes(row.dataset.stand); });
  const none = findById("plan-none");
  if (none) none.hidden = numbers?.length !== 0;
  const count = numbers?.length ?? 0;
  said.textContent = numbers ? (count === 1 ? "1 stand trouvé." : `${count} stands trouvés.`) : "";
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
if (search.value) showAnswer();
showAddress();
