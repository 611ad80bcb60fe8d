// A drawing whose view moves: buttons, keys, wheel with Ctrl, drag, two fingers. Lengths in metres.
const DEEPEST = 14;
const DRAG_PX = 5;

export class View {
  /**
   * @param {SVGSVGElement} svg
   * @param {(event: PointerEvent) => boolean} [keeps] Whether a pointer that goes down there belongs to something else.
   */
  constructor(svg, keeps = () => false) {
    this.svg = svg;
    this.keeps = keeps;
    const [x, y, width, height] = String(svg.getAttribute("viewBox")).split(/\s+/).map(Number);
    this.home = { x, y, width, height };
    this.box = { ...this.home };
    /** @type {Map<number, PointerEvent>} */
    this.pointers = new Map();
    this.moved = 0;
    svg.addEventListener("pointerdown", (event) => this.down(event));
    svg.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, (event) => this.up(event));
    svg.addEventListener("click", (event) => this.click(event), true);
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  get zoomed() { return this.box.width < this.home.width * 0.999; }

  get metresPerPixel() { return this.box.width / (this.svg.getBoundingClientRect().width || 1); }

  point(event) {
    const matrix = this.svg.getScreenCTM()?.inverse();
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
  }

  apply(box) {
    const { home } = this;
    const width = Math.min(home.width, Math.max(home.width / DEEPEST, box.width));
    const height = width * home.height / home.width;
    const within = (value, least, most) => Math.min(Math.max(value, least), most);
    this.box = {
      x: within(box.x, home.x, home.x + home.width - width),
      y: within(box.y, home.y, home.y + home.height - height),
      width,
      height,
    };
    this.svg.setAttribute("viewBox", `${this.box.x} ${this.box.y} ${width} ${height}`);
    this.svg.classList.toggle("is-zoomed", this.zoomed);
    this.svg.dispatchEvent(new CustomEvent("viewchange"));
  }

  /**
   * @param {number} factor
   * @param {{ x: number, y: number } | null} [at]
   */
  zoom(factor, at = null) {
    const { x, y, width, height } = this.box;
    const point = at || { x: x + width / 2, y: y + height / 2 };
    const newWidth = Math.min(this.home.width, Math.max(this.home.width / DEEPEST, width / factor));
    const share = newWidth / width;
    this.apply({ x: point.x - (point.x - x) * share, y: point.y - (point.y - y) * share, width: newWidth });
  }

  all() { this.apply(this.home); }

  pan(across, down) { this.apply({ ...this.box, x: this.box.x + across, y: this.box.y + down }); }

  // Brings a rectangle to the middle, with what is around it.
  show({ x, y, width, height }, around = 9) {
    const ratio = this.home.width / this.home.height;
    const wide = Math.max(width + 2 * around, (height + 2 * around) * ratio);
    this.apply({ x: x + width / 2 - wide / 2, y: y + height / 2 - wide / ratio / 2, width: wide });
  }

  // The keys of the view; answers whether it took the key.
  key(event) {
    const step = this.box.width / 8;
    const gestures = {
      "+": () => this.zoom(1.5), "=": () => this.zoom(1.5), "-": () => this.zoom(1 / 1.5), "0": () => this.all(),
      ArrowLeft: () => this.pan(-step, 0), ArrowRight: () => this.pan(step, 0),
      ArrowUp: () => this.pan(0, -step), ArrowDown: () => this.pan(0, step),
    };
    const gesture = event.ctrlKey || event.metaKey || event.altKey ? null : gestures[event.key];
    if (!gesture || (event.key.startsWith("Arrow") && !this.zoomed)) return false;
    event.preventDefault();
    gesture();
    return true;
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button > 0 || (this.keeps(event) && !this.pointers.size)) return;
    this.pointers.set(event.pointerId, event);
    if (this.pointers.size === 1) this.moved = 0;
  }

  move(event) {
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    const [one, other] = [...this.pointers.values()];
    if (other) this.pinch(event, one.pointerId === event.pointerId ? other : one, last);
    else {
      this.moved += Math.hypot(event.clientX - last.clientX, event.clientY - last.clientY);
      if (this.moved < DRAG_PX || !this.zoomed) return;
      // Captured only once it is a drag: a captured pointer never clicks the link under it.
      this.svg.setPointerCapture(event.pointerId);
      const from = this.point(last), to = this.point(event);
      this.pan(from.x - to.x, from.y - to.y);
    }
    this.pointers.set(event.pointerId, event);
  }

  pinch(event, still, last) {
    this.moved = DRAG_PX;
    const apart = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) || 1;
    this.zoom(apart(event, still) / apart(last, still), this.point(still));
  }

  up(event) { this.pointers.delete(event.pointerId); }

  // The click that ends a drag opens nothing.
  click(event) {
    if (this.moved < DRAG_PX) return;
    this.moved = 0;
    event.preventDefault();
    event.stopPropagation();
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 300), this.point(event));
  }
}

export function bindZoom(view, buttons) {
  const gestures = { in: () => view.zoom(1.5), out: () => view.zoom(1 / 1.5), all: () => view.all() };
  for (const button of buttons) button.addEventListener("click", gestures[button.dataset.zoom]);
}
