// A kiosk is not left by a link, the back button, a key or a menu: only by its PIN.
import { closestTo } from "../page/elements.js";

const FORBIDDEN = ["F5", "F11", "BrowserBack", "BrowserForward", "BrowserHome", "BrowserRefresh", "ContextMenu"];
const WITH_CONTROL = ["r", "w", "t", "n", "p", "s", "l", "h", "j", "d", "o", "u", "f", "g"];
const WITH_ALT = ["ArrowLeft", "ArrowRight", "Home", "d", "f"];
let isOpen = false;

export function unlock(address) {
  isOpen = true;
  window.location.assign(address);
}

function isForbidden(event) {
  if (FORBIDDEN.includes(event.key) || event.key === "Escape") return true;
  if (event.ctrlKey || event.metaKey) return WITH_CONTROL.includes(event.key.toLowerCase());
  return event.altKey && WITH_ALT.includes(event.key);
}

export function lock() {
  const stay = (event) => { if (!isOpen) event.preventDefault(); };
  document.addEventListener("contextmenu", stay);
  document.addEventListener("dragstart", stay);
  document.addEventListener("drop", stay);
  document.addEventListener("dragover", stay);
  document.addEventListener("keydown", (event) => { if (isForbidden(event)) stay(event); }, true);
  document.addEventListener("click", (event) => { if (closestTo(event.target, "a")) stay(event); }, true);
  // Going back leads to the same page, in this entry again.
  window.history.pushState(null, "");
  window.addEventListener("popstate", () => { if (!isOpen) window.history.pushState(null, ""); });
}
