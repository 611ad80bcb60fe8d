// Follows a job of the worker: shows its progress, and opens the page again when it is over, or has
// a first result that the page does not show.
import { dataOf, partOf, partsOf, setText } from "./page/elements.js";
import { request } from "./page/requests.js";

const box = partOf(document, "[data-job]");
const EVERY_MS = 1000;

function show({ done, total, progress = {} }) {
  if (total !== undefined) {
    const gauge = partOf(box, "progress", HTMLProgressElement);
    gauge.max = total || 1;
    gauge.value = done;
    setText(partOf(box, "strong"), `${done} sur ${total}`);
  }
  for (const place of partsOf(box, "[data-progress]")) {
    const { progress: name, words, unit } = dataOf(place);
    const value = progress[name] ?? null;
    if (value === null) continue;
    if (words) setText(place, JSON.parse(words)[value]);
    else setText(place, unit ? `${Math.round(value)} ${unit}` : `${value}`);
  }
}

async function follow() {
  const read = request(dataOf(box).job).then((answer) => (answer.ok ? answer.json() : null));
  const state = await read.catch(() => null); // the network is away for a moment
  const isOver = state && state.status !== "waiting" && state.status !== "running";
  if (isOver || (state?.has_result && !("result" in dataOf(box)))) {
    location.reload();
    return;
  }
  if (state) show(state);
  setTimeout(follow, EVERY_MS);
}

follow();
