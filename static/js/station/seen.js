// What passed at this device: who is inside as far as it saw, by badge and zone, and how many.
import { afterScan, occupies } from "./judge.js";
import { config, events } from "./station.js";
import { isStorageProblem } from "../offline/store.js";
import { inState } from "./queue.js";
import { base } from "./store.js";

export const PREFIX = 16;
const own = new Map();
const memory = new Map();

const keyOf = (hash, door) => `${hash.slice(0, PREFIX)}:${door.zone?.id ?? ""}`;

// A door of the configuration as it is now: its zone holds those that this device saw too.
export function doorNow(code) {
  const door = config()?.doors.find((one) => one.code === code) || { code, label: code, admits: [], zone: null };
  if (!door.zone) return door;
  return { ...door, zone: { ...door.zone, inside: Math.max(0, door.zone.inside + (own.get(door.zone.id) || 0)) } };
}

function unread(error) {
  if (!isStorageProblem(error)) reportError(error);
}

// What cannot be read is not known: the badge is judged all the same.
export async function seenOf(hash, door) {
  const key = keyOf(hash, door);
  return memory.get(key) || (await base.read("seen", key).catch(unread)) || null;
}

export async function noteSeen(hash, door, direction, at, judged) {
  const key = keyOf(hash, door);
  const before = await seenOf(hash, door);
  const after = afterScan(before, judged, direction, at, door.code);
  if (!after || after === before) return;
  const zone = door.zone?.id;
  if (door.zone) own.set(zone, (own.get(zone) || 0) + Number(occupies(after, at)) - Number(occupies(before, at)));
  memory.set(key, after);
  try {
    await base.write("seen", after, key);
  } catch (error) {
    if (!isStorageProblem(error)) throw error; // the page still knows it
  }
}

export function forgetSeen() {
  memory.clear();
  own.clear();
}

// [prefix of the hash, time, id of the room or ""] of those who passed here and did not go out since, as
// far as this device saw.
export async function insideHere(at) {
  const [keys, states] = await base.reading("seen", (store) => Promise.all([store.getAllKeys(), store.getAll()]));
  const here = new Map([...keys.map((key, place) => [key, states[place]]), ...memory]);
  return [...here].filter(([key, seen]) => {
    const outside = here.get(`${key.slice(0, PREFIX)}:`);
    return occupies(seen, at) && !(outside && !outside.inside && outside.lastAt > seen.lastAt);
  }).map(([key, seen]) => [key.slice(0, PREFIX), seen.lastAt, key.slice(PREFIX + 1)]);
}

// The server has just counted what it has; what still waits here is to be added.
export async function countOwn() {
  own.clear();
  for (const one of await inState("waiting")) {
    const zone = config()?.doors.find((door) => door.code === one.door)?.zone;
    if (!zone) continue;
    const change = one.direction === "out" ? -1 : Number(one.let_in);
    own.set(zone.id, (own.get(zone.id) || 0) + change);
  }
}

events.addEventListener("config", countOwn);
