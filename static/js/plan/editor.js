// The plan's editor, by pointer and by keyboard. The table of the page does the same without it.
import { byId, closestTo, dataOf, fieldOf, partOf, partsOf } from "../page/elements.js";
import { Drawing } from "./drawing.js";
import { Layout, snap } from "./layout.js";
import { faultsOf, freePlace, french } from "./rules.js";
import { View, bindZoom } from "./view.js";

const root = byId("plan-editor");
const svg = byId("plan-drawing", SVGSVGElement);
const panel = byId("plan-panel", HTMLFormElement);
const saving = byId("plan-save", HTMLFormElement);
const facts = dataOf(root);
const said = byId("plan-said");
const faultList = byId("plan-faults");
const occupants = JSON.parse(facts.occupants);
const hall = {
  name: facts.hall,
  width: Number(facts.width),
  depth: Number(facts.depth),
  aisle: Number(facts.aisle),
  power: Number(facts.power),
  water: Boolean(facts.water),
  elsewhere: new Set(JSON.parse(facts.elsewhere)),
};
const whoOn = (one) => occupants[one.id] || "";
const placeWords = (one) => `x ${french(one.x)} m, y ${french(one.y)} m`;
const sizeWords = (one) => `${french(one.width)} × ${french(one.depth)} m`;
const layout = new Layout(fieldOf(saving, "layout").value, hall.elsewhere);
const drawing = new Drawing(svg, hall, {
  who: whoOn,
  label: (one) => [`Stand ${one.number}`, whoOn(one) || "libre", placeWords(one), sizeWords(one)].join(", "),
});
const view = new View(svg, (event) => closestTo(event.target, ".plan__place, .plan__handles") !== null);
const saved = layout.json;
const areaOf = (one) => one.width * one.depth;
const areas = new Map(JSON.parse(fieldOf(saving, "base").value).map((one) => [one.id, areaOf(one)]));
let faults = [];
let leaving = false;

const dirty = () => Boolean(root.dataset.unsaved) || layout.json !== saved;

function render() {
  faults = faultsOf(hall, layout.stands);
  const wrong = new Set(faults.flatMap((one) => one.stands.map((stand) => stand.key)));
  drawing.update(layout.stands, layout.chosen, wrong);
  showFaults();
  showPanel();
  byId("plan-state").textContent = dirty()
    ? (faults.length ? "Des points sont à corriger avant d’enregistrer." : "Des changements ne sont pas enregistrés.")
    : "Rien à enregistrer.";
  const off = { undo: !layout.past.length, redo: !layout.future.length, duplicate: !layout.only, remove: !layout.chosen.size };
  for (const [name, isOff] of Object.entries(off)) {
    partOf(root, `[data-do="${name}"]`, HTMLButtonElement).disabled = isOff;
  }
}

function showFaults() {
  const title = document.createElement("p");
  title.className = faults.length ? "plan-faults__title plan-faults__title--wrong" : "plan-faults__title";
  title.textContent = faults.length
    ? `${faults.length} ${faults.length > 1 ? "points à corriger" : "point à corriger"}`
    : "Tous les stands tiennent, les allées aussi.";
  const list = document.createElement("ul");
  for (const fault of faults.slice(0, 12)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = fault.text;
    button.addEventListener("click", () => pick(fault.stands[0].key));
    const line = document.createElement("li");
    line.append(button);
    list.append(line);
  }
  faultList.replaceChildren(title, ...(faults.length ? [list] : []), ...smaller().map(noteOf));
}

// The occupied stands that lose room: allowed, and worth a word before saving.
function smaller() { return layout.stands.filter((one) => whoOn(one) && areaOf(one) < areas.get(one.id) - 0.01); }

function noteOf(one) {
  const note = document.createElement("p");
  note.className = "plan-faults__note";
  note.textContent = `Stand ${one.number}, occupé par ${whoOn(one)}\u00a0: ${french(areas.get(one.id))} → ${french(areaOf(one))} m².`;
  return note;
}

function showPanel() {
  const one = layout.only;
  byId("plan-who").textContent = one
    ? `Stand ${one.number}\u00a0: ${whoOn(one) || "libre"}, ${french(areaOf(one))} m²`
    : layout.chosen.size ? `${layout.chosen.size} stands choisis` : "Choisissez un stand.";
  for (const field of partsOf(panel, "input, select", HTMLInputElement)) {
    field.disabled = !one;
    if (field.type === "checkbox") field.checked = Boolean(one?.[field.name]);
    else if (!one) field.value = "";
    else field.value = typeof one[field.name] === "number" ? french(one[field.name]) : one[field.name];
  }
}

function say(text, stands = []) {
  const keys = new Set(stands.map((one) => one.key));
  const wrong = faults.filter((fault) => fault.stands.some((one) => keys.has(one.key)));
  said.textContent = [text, ...wrong.map((one) => one.text)].join(" ");
}

function pick(key, more = false) {
  layout.choose(key, more);
  render();
  drawing.focus(key);
}

// Makes a change that can be undone, draws it and says it.
function change(act, words) {
  layout.remember();
  const stands = act() || layout.picked;
  render();
  drawing.unguide();
  if (layout.only) drawing.focus(layout.only.key);
  else if (document.activeElement === document.body) svg.focus({ preventScroll: true });
  say(words(stands), stands);
}

function nudge(across, down) {
  if (!layout.chosen.size) return;
  change(
    () => layout.picked.forEach((one) => { one.x = hundredth(one.x + across); one.y = hundredth(one.y + down); }),
    (stands) => stands.map((one) => `stand ${one.number}\u00a0: ${placeWords(one)}.`).join(" "),
  );
  if (layout.only) drawing.guide(layout.only, others());
}

function stretch(across, down) {
  if (!layout.only) return;
  change(() => {
    const one = layout.only;
    one.width = Math.max(0.5, hundredth(one.width + across));
    one.depth = Math.max(0.5, hundredth(one.depth + down));
  }, ([one]) => `stand ${one.number}\u00a0: ${sizeWords(one)}.`);
}

const hundredth = (value) => Math.round(value * 100) / 100;
const others = () => layout.stands.filter((one) => !layout.chosen.has(one.key));

const gestures = {
  add() {
    const last = layout.stands.at(-1);
    const model = {
      number: last ? last.number : "0", x: -99, y: -99, width: 3, depth: 3, power_kw: Math.min(3, hall.power),
      has_water: false, is_accessible: true, category: "standard",
    };
    change(() => [layout.add({ ...model, ...freePlace(hall, layout.stands, model) })], ([one]) => `stand ${one.number} ajouté\u00a0: ${placeWords(one)}.`);
  },
  duplicate() {
    const one = layout.only;
    if (one) change(() => [layout.add({ ...one, ...freePlace(hall, layout.stands, one) })], ([copy]) => `stand ${copy.number}, copie du ${one.number}\u00a0: ${placeWords(copy)}.`);
  },
  remove() {
    const held = layout.picked.filter(whoOn);
    if (held.length) { say(`Le stand ${held[0].number} est occupé par ${whoOn(held[0])}\u00a0: libérez d’abord la place.`); return; }
    if (!layout.chosen.size) return;
    const numbers = layout.picked.map((one) => one.number).join(", ");
    change(() => { layout.remove(layout.chosen); return []; }, () => `stand ${numbers} supprimé.`);
  },
  undo() { if (layout.undo()) { render(); say("Annulé."); refocus(); } },
  redo() { if (layout.redo()) { render(); say("Rétabli."); refocus(); } },
};

function refocus() {
  if (svg.contains(document.activeElement) || document.activeElement === document.body) {
    drawing.focus((layout.only || layout.stands[0])?.key);
  }
}

function next(step) {
  const order = [...layout.stands].sort((one, other) => one.number.localeCompare(other.number, "fr", { numeric: true }));
  const at = order.findIndex((one) => layout.chosen.has(one.key));
  const one = order[(at + step + order.length) % order.length] || order[0];
  if (one) pick(one.key);
}

svg.addEventListener("keydown", (event) => {
  const steps = { ArrowLeft: [-0.5, 0], ArrowRight: [0.5, 0], ArrowUp: [0, -0.5], ArrowDown: [0, 0.5] };
  const held = closestTo(event.target, ".plan__place");
  if (held && !layout.chosen.has(held.dataset.key)) layout.choose(held.dataset.key);
  const undo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase();
  const acts = {
    Delete: gestures.remove, Backspace: gestures.remove, d: gestures.duplicate, D: gestures.duplicate,
    PageDown: () => next(1), PageUp: () => next(-1), Escape: () => { layout.choose(null); render(); },
    Enter: () => fieldOf(panel, "number").select(), " ": () => pick(held?.dataset.key, event.shiftKey),
  };
  if (undo === "z" && !event.shiftKey) gestures.undo();
  else if (undo === "y" || undo === "z") gestures.redo();
  else if (undo || event.altKey) return;
  else if (steps[event.key] && held) (event.shiftKey ? stretch : nudge)(...steps[event.key]);
  else if (acts[event.key]) acts[event.key]();
  else { view.key(event); return; }
  event.preventDefault();
});

svg.addEventListener("focusin", (event) => {
  const place = closestTo(event.target, ".plan__place");
  if (place && !layout.chosen.has(place.dataset.key)) { layout.choose(place.dataset.key); render(); }
});

/** @type {{ from: DOMPoint, before: string, moved: boolean, handle: [number, number] | null, start: any[] } | null} */
let drag = null;

svg.addEventListener("pointerdown", (event) => {
  const handle = closestTo(event.target, ".plan__handles rect");
  const place = closestTo(event.target, ".plan__place");
  if (event.button > 0 || !(handle || place)) return;
  event.preventDefault();
  if (place) {
    const { key } = place.dataset;
    if (event.shiftKey || !layout.chosen.has(key)) layout.choose(key, event.shiftKey);
    render();
    drawing.focus(key);
  }
  drag = {
    from: view.point(event), before: layout.photo(), moved: false,
    handle: handle && [Number(handle.dataset.across), Number(handle.dataset.down)],
    start: layout.picked.map((one) => ({ ...one })),
  };
  svg.setPointerCapture(event.pointerId);
});

svg.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const to = view.point(event);
  const across = to.x - drag.from.x, down = to.y - drag.from.y;
  if (!drag.moved && Math.hypot(across, down) < 4 * view.metresPerPixel) return;
  drag.moved = true;
  if (drag.handle) pull(drag.start[0], drag.handle, across, down);
  else slide(drag.start, across, down);
  render();
  if (layout.only) drawing.guide(layout.only, others());
});

function slide(start, across, down) {
  const [lead] = start;
  const right = snap(lead.x + across) - lead.x, low = snap(lead.y + down) - lead.y;
  for (const was of start) Object.assign(layout.find(was.key), { x: hundredth(was.x + right), y: hundredth(was.y + low) });
}

function pull(was, [handleX, handleY], across, down) {
  const one = layout.find(was.key);
  for (const [way, moved, at, size] of [[handleX, across, "x", "width"], [handleY, down, "y", "depth"]]) {
    if (way > 0) one[size] = Math.max(0.5, hundredth(snap(was[at] + was[size] + moved) - was[at]));
    if (way < 0) {
      const edge = Math.min(snap(was[at] + moved), was[at] + was[size] - 0.5);
      Object.assign(one, { [at]: hundredth(edge), [size]: hundredth(was[at] + was[size] - edge) });
    }
  }
}

for (const end of ["pointerup", "pointercancel"]) {
  svg.addEventListener(end, () => {
    if (drag?.moved) {
      layout.remember(drag.before);
      render();
      const words = drag.handle ? sizeWords : placeWords;
      say(layout.picked.map((one) => `stand ${one.number}\u00a0: ${words(one)}.`).join(" "), layout.picked);
    }
    drag = null;
    drawing.unguide();
  });
}

panel.addEventListener("change", (event) => {
  const { name, type, checked, value } = /** @type {HTMLInputElement} */ (event.target);
  const one = layout.only;
  const isLength = ["x", "y", "width", "depth"].includes(name);
  const read = type === "checkbox" ? checked
    : isLength || name === "power_kw" ? Number(value.replace(",", ".")) : value.trim();
  if (!one || Number.isNaN(read) || (name === "power_kw" && !Number.isInteger(read))) { showPanel(); return; }
  layout.remember();
  one[name] = isLength ? hundredth(read) : read;
  render();
  say(`stand ${one.number}\u00a0: ${placeWords(one)}, ${sizeWords(one)}.`, [one]);
});
panel.addEventListener("submit", (event) => { event.preventDefault(); if (layout.only) drawing.focus(layout.only.key); });

const numbering = byId("plan-row", HTMLFormElement);
numbering.addEventListener("submit", (event) => {
  event.preventDefault();
  const [first, step, way] = [fieldOf(numbering, "first"), fieldOf(numbering, "step"), fieldOf(numbering, "way")];
  const from = Number(first.value), by = Number(step.value);
  if (!layout.only || first.value === "" || !Number.isInteger(from) || !Number.isInteger(by) || from < 0 || by < 1) {
    say("Choisissez un stand de la rangée, un premier numéro et un pas entiers.");
    return;
  }
  change(() => {
    const row = layout.rowOf(layout.only);
    if (way.value === "west") row.reverse();
    row.forEach((one, place) => { one.number = String(from + place * by); });
    return row;
  }, (row) => `Rangée numérotée\u00a0: ${row.map((one) => one.number).join(", ")}.`);
});

saving.addEventListener("submit", () => {
  fieldOf(saving, "layout").value = layout.json;
  leaving = true;
});
addEventListener("beforeunload", (event) => { if (dirty() && !leaving) event.preventDefault(); });
svg.addEventListener("viewchange", () => drawing.frame(layout.only));
for (const button of partsOf(root, "[data-do]")) button.addEventListener("click", gestures[dataOf(button).do]);
for (const link of partsOf(document, "a[data-stand]")) {
  link.addEventListener("click", (event) => {
    const one = layout.stands.find((stand) => stand.id === Number(link.dataset.stand));
    if (!one || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    pick(one.key);
    svg.scrollIntoView({ block: "center" });
  });
}
bindZoom(view, partsOf(root, "[data-zoom]"));
for (const part of partsOf(root, "[data-needs-script]")) part.hidden = false;
svg.setAttribute("tabindex", "-1");
render();
