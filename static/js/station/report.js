// The health of this device: said to the server every half minute, and to the host on the strip.
import { clockOffset } from "../offline/clock.js";
import { isSetAside } from "./alone.js";
import { checkToReport, lookAround } from "./check.js";
import { failuresToReport } from "./failures.js";
import { listSerial, refreshList } from "./list.js";
import { refreshNames } from "./names.js";
import { counts } from "./queue.js";
import { call, config, refreshConfig } from "./station.js";
import { StorageFull, isStorageProblem } from "../offline/store.js";

const EVERY_MS = 30_000;
const CONFIG_EVERY = 2;
export const LITTLE_STORAGE = 20_000_000;

/** @type {{ level: number, charging: boolean } | null} */
let battery = null;
let full = false;
let round = 0;

export const isFull = () => full;

export function noteFull(value) {
  full = value;
}

// {battery, charging, storageLeft, persisted}: null where the browser does not say.
export async function health() {
  const estimate = navigator.storage?.estimate ? await navigator.storage.estimate() : null;
  return {
    battery: battery ? Math.round(battery.level * 100) : null,
    charging: battery ? battery.charging : null,
    storageLeft: estimate?.quota ? Math.max(0, estimate.quota - (estimate.usage ?? 0)) : null,
    persisted: navigator.storage?.persisted ? await navigator.storage.persisted() : null,
  };
}

// Tells the server, and fetches what it says has changed.
export async function report(version) {
  if (isSetAside()) return;
  const { waiting, toCheck } = counts();
  const state = await health();
  lookAround();
  const answer = await call("station/report", {
    body: {
      waiting,
      to_check: toCheck,
      clock_offset_ms: clockOffset(),
      battery: state.battery,
      is_charging: state.charging,
      storage_left: state.storageLeft,
      is_persisted: state.persisted,
      list_serial: listSerial(),
      pages_version: version,
      failures: failuresToReport(),
      device_check: checkToReport(),
    },
  });
  if (!answer?.ok) return;
  const rules = config();
  if (rules) rules.lets_unknown_in = answer.content.lets_unknown_in;
  if (await keepUp(answer.content.list_serial)) await report(version);
  await refreshNames();
}

// Answers whether there is something new to tell: the list came.
async function keepUp(serial) {
  try {
    if (round % CONFIG_EVERY === 0 || !config()) await refreshConfig();
    round += 1;
    return serial !== listSerial() && (await refreshList()) && serial <= listSerial();
  } catch (error) {
    if (!isStorageProblem(error)) throw error;
    if (error instanceof StorageFull) noteFull(true); // the page works on with what it holds
    return false;
  }
}

export async function keepReporting(version) {
  if (navigator.getBattery) battery = await navigator.getBattery().catch(() => null); // a browser may refuse it
  setInterval(() => report(version), EVERY_MS);
  await report(version);
}
