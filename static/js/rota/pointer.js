// The grid by mouse, pen and finger: paint, move, stretch. A finger waits a moment, so that it scrolls.
import { closestTo } from "../page/elements.js";

const WAIT_MS = 300;
const MOVED_PX = 5;
const EDGE_PX = 28;

// The one, in order along a side of the page, whose element holds a position; null between two.
function holding(ordered, elementOf, position, from, to) {
  let [low, high] = [0, ordered.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const side = elementOf(ordered[middle]).getBoundingClientRect();
    if (position < side[from]) high = middle - 1;
    else if (position >= side[to]) low = middle + 1;
    else return ordered[middle];
  }
  return null;
}

export function bindPointer(grid, box, hand) {
  const { sheet } = hand;
  /** @type {any} */
  let drag = null;

  const agentOf = (cell) => Number(closestTo(cell, "[data-agent]")?.dataset.agent);

  // The cell under a pointer that is held, reckoned: the browser would walk the whole table to say
  // it. Beside the grid, the row goes on: the cell of the same height.
  function find({ clientX, clientY }) {
    const { left, right, top, bottom } = box.getBoundingClientRect();
    if (clientY < top || clientY >= bottom) return null;
    const { lines } = hand.painter;
    const agent = holding(hand.agents, (one) => lines.get(one).line, clientY, "top", "bottom");
    if (agent === null) return null;
    const { head, cells } = lines.get(agent);
    const x = Math.max(left + head.offsetWidth + 4, Math.min(right - 4, clientX));
    const cell = holding(cells, (one) => one, x, "left", "right");
    return cell && { cell, agent, t: Number(cell.dataset.t) };
  }

  // Which part of a shift is under the pointer; its ends are wider under a finger.
  function part(event, { cell }, shift, t) {
    const { left, right, width } = cell.getBoundingClientRect();
    const edge = Math.min(event.pointerType === "touch" ? 16 : 9, width / 3);
    if (t === shift.from && event.clientX < left + edge) return "from";
    if (t === shift.to - 1 && event.clientX > right - edge) return "to";
    return "all";
  }

  grid.addEventListener("pointerdown", (event) => {
    const cell = closestTo(event.target, "td[data-t]");
    if (!cell || event.button > 0 || !event.isPrimary || closestTo(event.target, "a")) return;
    const under = { cell, agent: agentOf(cell), t: Number(cell.dataset.t) };
    if (hand.held) hand.cancel();
    const shift = sheet.at(under.agent, under.t);
    const isTouch = event.pointerType === "touch";
    if (!isTouch) { event.preventDefault(); hand.select(under.agent, under.t); }
    drag = {
      ...under, shift, id: event.pointerId, x: event.clientX, y: event.clientY, isOn: false, isTouch,
      part: shift && part(event, under, shift, under.t), canStart: !isTouch,
    };
    if (isTouch) drag.timer = setTimeout(() => { drag.canStart = true; begin(); navigator.vibrate?.(12); }, WAIT_MS);
  });

  function begin() {
    if (!sheet.agents.get(drag.agent).is_own) { hand.select(drag.agent, drag.t); hand.mayEdit(); stop(); return; }
    drag.isOn = true;
    try { grid.setPointerCapture(drag.id); } catch { stop(); return; }
    grid.classList.add("is-dragging");
    aim(drag);
  }

  // What the gesture would do if it ended at this cell.
  function aim({ agent, t }) {
    const { shift } = drag;
    const own = drag.agent;
    if (!shift) {
      const room = sheet.room(own, drag.t, null);
      const from = Math.max(room.from, Math.min(drag.t, t)), to = Math.min(room.to, Math.max(drag.t, t) + 1);
      hand.hold({ agent: own, shift: null, to: own, next: { stand: hand.standFor(own), from, to, locked: false } });
    } else if (drag.part === "all") {
      const length = shift.to - shift.from;
      const from = Math.max(sheet.first, Math.min(sheet.last - length, t - (drag.t - shift.from)));
      const to = sheet.agents.get(agent).is_own ? agent : own;
      hand.hold({ agent: own, shift, to, next: { ...shift, from, to: from + length } });
    } else {
      const room = sheet.room(own, drag.t, shift);
      const next = { ...shift };
      if (drag.part === "from") next.from = Math.max(room.from, Math.min(t, shift.to - 1));
      else next.to = Math.min(room.to, Math.max(t + 1, shift.from + 1));
      hand.hold({ agent: own, shift, to: own, next });
    }
    hand.show.hint(`${sheet.agents.get(hand.held.to).name}, ${sheet.words(hand.held.next)}${hand.held.clash ? `\u00a0: déjà à ${sheet.words(hand.held.clash)}` : ""}`);
  }

  grid.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.id) {
      if (event.pointerType === "mouse") hover(event);
      return;
    }
    if (!drag.isOn) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < MOVED_PX) return;
      if (!drag.canStart) { stop(); return; } // the finger scrolls
      begin();
      if (!drag?.isOn) return;
    }
    scroll(event);
    const under = find(event);
    if (under && (under.t !== drag.last?.t || under.agent !== drag.last?.agent)) { drag.last = under; aim(under); }
  });

  function scroll(event) {
    const { left, right, top, bottom } = box.getBoundingClientRect();
    const name = hand.painter.lines.get(drag.agent).head.getBoundingClientRect().width;
    if (event.clientX > right - EDGE_PX) box.scrollLeft += 14;
    else if (event.clientX < left + name + EDGE_PX / 2) box.scrollLeft -= 14;
    if (event.clientY > bottom - EDGE_PX) box.scrollTop += 10;
    else if (event.clientY < top + 2 * EDGE_PX) box.scrollTop -= 10;
  }

  function hover(event) {
    const under = closestTo(event.target, "td[data-t]");
    if (!under) return;
    const agent = agentOf(under);
    const shift = sheet.at(agent, Number(under.dataset.t));
    const where = shift && sheet.agents.get(agent).is_own ? part(event, { cell: under }, shift, Number(under.dataset.t)) : "";
    grid.classList.toggle("is-end", where === "from" || where === "to");
  }

  function stop() {
    clearTimeout(drag?.timer);
    drag = null;
    grid.classList.remove("is-dragging");
  }

  grid.addEventListener("pointerup", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const { isOn, agent, t } = drag;
    stop();
    if (!isOn) { hand.select(agent, t); return; }
    if (!hand.drop()) hand.hold(null);
    hand.show.hint("");
  });
  grid.addEventListener("pointercancel", () => { if (drag) { stop(); hand.hold(null); hand.show.hint(""); } });
  grid.addEventListener("touchmove", (event) => { if (drag?.isOn) event.preventDefault(); }, { passive: false });
  grid.addEventListener("contextmenu", (event) => { if (drag?.isTouch) event.preventDefault(); });
  addEventListener("keydown", (event) => { if (event.key === "Escape" && drag?.isOn) { stop(); hand.cancel(); hand.show.hint(""); } }, true);
}
