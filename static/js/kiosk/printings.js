// What this kiosk printed by itself, until the server has recorded it: {job_id, code_hash}.
// The hash names a badge and makes none; no name is kept.
import { localItems, Queue, keepFlushing } from "../offline/queue.js";
import { call } from "../station/station.js";

const BEFORE = "kiosk-printings"; // one list, as earlier versions of this page kept them
const AGAIN_MS = 15_000;
const LASTING = [400, 404, 422];

const items = localItems("kiosk-printing:", "job_id");
const queue = new Queue({
  next: () => items.all().slice(0, 1),
  async send(printings) {
    const answer = await call("kiosk/printings", { body: printings[0] });
    if (!answer || (!answer.ok && !LASTING.includes(answer.status))) return false;
    items.remove(printings);
    return true;
  },
});

export function notePrinting(job_id, code_hash) {
  try {
    items.put({ job_id, code_hash });
  } catch {
    // A full device prints all the same: the record of it is what is lost.
  }
  return queue.flush();
}

export function keepSendingPrintings() {
  const before = JSON.parse(localStorage.getItem(BEFORE) || "[]");
  localStorage.removeItem(BEFORE);
  before.forEach((printing) => items.put(printing));
  keepFlushing(() => queue.flush(), AGAIN_MS);
}
