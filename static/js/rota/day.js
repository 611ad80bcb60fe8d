// Keeps the board up to date; without this script the page is complete, and has a link.
const EVERY_MS = 20000;
const board = document.getElementById("day");
let stamp = "";

// What has the focus, in words that outlive the board: the same button of the same person.
function focused() {
  const one = document.activeElement;
  return one && board.contains(one) ? one.textContent.trim() : "";
}

function refocus(words) {
  const same = Array.from(board.querySelectorAll("a, button")).find((one) => one.textContent.trim() === words);
  if (same) same.focus({ preventScroll: true });
}

async function refresh() {
  if (document.hidden) return;
  let text;
  try {
    const answer = await fetch(board.dataset.address, { cache: "no-store", redirect: "error" });
    if (!answer.ok) return;
    text = await answer.text();
  } catch {
    return; // the next round tries again; the hour shown says how old the board is
  }
  const read = new DOMParser().parseFromString(text, "text/html");
  const next = read.getElementById("day");
  if (!next) return;
  document.querySelector("#day-at strong").textContent = read.querySelector("#day-at strong").textContent;
  const bare = next.innerHTML.replace(/name="csrf_token" value="[^"]*"/g, "");
  if (bare === stamp) return;
  stamp = bare;
  const words = focused();
  board.replaceChildren(...next.childNodes);
  if (words) refocus(words);
}

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
