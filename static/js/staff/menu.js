// On a wide screen the menu is open and scrolls apart from the page: it shows where one is.
import { findPart, partOf } from "../page/elements.js";

const menu = findPart(document, ".section-nav");
const wide = window.matchMedia("(min-width: 64rem)");

function unfold(nav) {
  partOf(nav, "details", HTMLDetailsElement).open = wide.matches;
  const current = findPart(nav, "[aria-current]");
  if (current && nav.scrollHeight > nav.clientHeight) nav.scrollTop = current.offsetTop - nav.clientHeight / 2;
}

if (menu) {
  wide.addEventListener("change", () => unfold(menu));
  unfold(menu);
}
