// On a wide screen the menu is open and scrolls apart from the page: it shows where one is.

const menu = document.querySelector(".section-nav");
const wide = window.matchMedia("(min-width: 64rem)");

function unfold() {
  menu.querySelector("details").open = wide.matches;
  const current = menu.querySelector("[aria-current]");
  if (current && menu.scrollHeight > menu.clientHeight) menu.scrollTop = current.offsetTop - menu.clientHeight / 2;
}

if (menu) {
  wide.addEventListener("change", unfold);
  unfold();
}
