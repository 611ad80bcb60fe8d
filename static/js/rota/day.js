// Keeps the board up to date; without this script the page is complete, and has a link.
import { byId, dataOf, parse, partOf, partsOf } from "../page/elements.js";
import { keepFresh, request } from "../page/requests.js";

const board = byId("day");
let stamp = "";

// What has the focus, in words that outlive the board: the same button of the same person.
function focused() {
  const one = document.activeElement;
  return one && board.contains(one) ? one.textContent.trim() : "";
}

function refocus(words) {
  const same = Array.from(partsOf(board, "a, button")).find((one) => one.textContent.trim() === words);
  if (same) same.focus({ preventScroll: true });
}

async function refresh() {
  let text;
  try {
    const answer = await request(dataOf(board).address);
    if (!answer.ok) return;
    text = await answer.text();
  } catch {
    return; // the next round tries again; the hour shown says how old the board is
  }
  const read = parse(text);
  const next = read.getElementById("day");
  if (!next) return;
  partOf(document, "#day-at strong").textContent = partOf(read, "#day-at strong").textContent;
  const bare = next.innerHTML.replace(/name="csrf_token" value="[^"]*"/g, "");
  if (bare === stamp) return;
  stamp = bare;
  const words = focused();
  const open = new Set(Array.from(partsOf(board, "details[open] > summary"), (one) => one.textContent));
  board.replaceChildren(...next.childNodes);
  for (const summary of partsOf(board, "details > summary")) {
    if (open.has(summary.textContent)) summary.parentElement?.setAttribute("open", "");
  }
  if (words) refocus(words);
}

keepFresh(refresh, 20_000);
