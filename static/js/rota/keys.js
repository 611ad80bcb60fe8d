// The grid by keyboard alone.
import { closestTo, findPart } from "../page/elements.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], PageUp: [0, -5], PageDown: [0, 5] };

export function bindKeys(grid, hand, { undo, redo, menu }) {
  grid.addEventListener("focusin", (event) => {
    const cell = closestTo(event.target, "td[data-t]");
    const agent = Number(cell && closestTo(cell, "[data-agent]")?.dataset.agent);
    if (!cell || hand.held || (hand.selected?.agent === agent && hand.selected.t === Number(cell.dataset.t))) return;
    hand.select(agent, Number(cell.dataset.t), false);
  });

  grid.addEventListener("keydown", (event) => {
    if (closestTo(event.target, "a")) {
      if (event.key === "ArrowRight") { hand.select(Number(closestTo(event.target, "[data-agent]")?.dataset.agent), hand.sheet.first); event.preventDefault(); }
      return;
    }
    if (!closestTo(event.target, "td[data-t]") || !hand.selected || event.altKey) return;
    if (act(event)) event.preventDefault();
  });

  function act(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey) {
      if (key === "z" && !event.shiftKey) undo();
      else if (key === "y" || key === "z") redo();
      else if (key === "Home" || key === "End") hand.select(hand.agents.at(key === "Home" ? 0 : -1), key === "Home" ? hand.sheet.first : hand.sheet.last - 1);
      else return false;
      return true;
    }
    const step = STEPS[key];
    const digit = /^(Digit|Numpad)([1-9])$/.exec(event.code)?.[2];
    if (hand.held) {
      if (step) hand.carry(step[0], step[1]);
      else if (key === "Enter" || key === " ") hand.drop();
      else if (key === "Escape") hand.cancel();
      else if (digit) number(Number(digit));
      return key !== "Tab";
    }
    const acts = {
      Enter: () => hand.take(), " ": () => hand.take(), Delete: () => hand.remove(), Backspace: () => hand.remove(),
      l: () => hand.lock(), c: () => hand.copy(), v: () => hand.paste(), s: menu,
      Home: () => hand.select(hand.place.agent, hand.sheet.first), End: () => hand.select(hand.place.agent, hand.sheet.last - 1),
    };
    if (step && event.shiftKey) { if (step[0]) hand.stretch(step[0]); }
    else if (step) {
      const name = findPart(hand.painter.lines.get(hand.place.agent).head, "a");
      if (step[0] < 0 && hand.place.t === hand.sheet.first && name) name.focus();
      else hand.move(step[0], step[1]);
    } else if (digit) number(Number(digit));
    else if (acts[key]) acts[key]();
    else return false;
    return true;
  }

  function number(digit) {
    const stand = [...hand.sheet.stands.keys()][digit - 1];
    if (stand) hand.chooseStand(stand);
  }
}
