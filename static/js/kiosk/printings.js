// What this kiosk printed by itself, until the server has recorded it: {job_id, code_hash}.
// The hash names a badge and makes none; no name is kept.
import { call } from "../station/station.js";

const KEPT = "kiosk-printings";
const AGAIN_MS = 15_000;
const LASTING = [400, 404, 422];

const kept = () => JSON.parse(localStorage.getItem(KEPT) || "[]");

function keep(all) {
  try {
    if (all.length) localStorage.setItem(KEPT, JSON.stringify(all));
    else localStorage.removeItem(KEPT);
  } catch {
    // A full device prints all the same: the record of it is what is lost.
  }
}

export function notePrinting(job_id, code_hash) {
  keep([...kept(), { job_id, code_hash }]);
  return sendPrintings();
}

let sending = null;

export function sendPrintings() {
  sending = sending || drain().finally(() => { sending = null; });
  return sending;
}

async function drain() {
  for (const one of kept()) {
    const answer = await call("kiosk/printings", { body: one });
    if (!answer || (!answer.ok && !LASTING.includes(answer.status))) return;
    keep(kept().filter(({ job_id }) => job_id !== one.job_id));
  }
}

export function keepSendingPrintings() {
  setInterval(() => { if (kept().length) sendPrintings(); }, AGAIN_MS);
}
