// The badges that a station knows without network: digests and sealed labels, see salon/entrance/engine/offline_list.py.
import { isStorageProblem } from "../offline/store.js";
import { bytesOf, hexOf } from "../page/identifiers.js";
import { sha256 } from "./codes.js";
import { isGenuine } from "./genuine.js";
import { call, config, events } from "./station.js";
import { base as store } from "./store.js";

const HEADER = 16;
const DIGEST = 8;
const NONCE = 4;
const CATEGORIES = ["visitor", "elected", "exhibitor", "agent", "organiser", "press", "guest"];
const MAGIC = 0x53444d31; // "SDM1"
const MOST_CHANGES = 10_000; // beyond, the whole list is fetched again
const PATIENCE_MS = 60_000;
const READ = { limit: 5000 }; // megabytes, on a slow device
const WRITE = { limit: 20_000 };

/** @typedef {{ firstName: string, lastName: string, function: string, onBehalfOf: string, category: string, vip: boolean, needs: string[], successor?: string }} Label */
/** @typedef {{ edition: number, serial: number, bytes: Uint8Array<ArrayBuffer>, starts: Uint32Array }} Part */
/** @typedef {{ state: string, label?: Label | null, successor?: string }} Found `successor`: the number of the badge that replaces a revoked one. */
/** @type {Part | null} */
let base = null;
/** @type {Map<string, { revoked: boolean, box: Uint8Array<ArrayBuffer> }>} */
let changes = new Map();
let serial = 0;
let edition = 0;
/** @type {Promise<void> | null} */
let loading = null;
let coming = false;

export const listSerial = () => serial;
export const listSize = () => (base ? base.starts.length : 0);
// Whether the list is on its way: the whole of it takes ten seconds on a slow line.
export const isListComing = () => coming;

// Reads bytes of the server: {edition, serial, bytes, starts} where starts are the records' places.
/**
 * @param {ArrayBuffer} buffer
 * @returns {Part}
 */
function opened(buffer) {
  const view = new DataView(buffer);
  if (view.getUint32(0) !== MAGIC) throw new Error("not a list of badges");
  const count = view.getUint32(12);
  const bytes = new Uint8Array(buffer);
  const starts = new Uint32Array(count);
  let at = HEADER;
  for (let i = 0; i < count; i += 1) {
    starts[i] = at;
    at += DIGEST + 2 + bytes[at + DIGEST + 1];
  }
  if (at !== bytes.length) throw new Error("a list of badges that is cut");
  return { edition: view.getUint32(4), serial: view.getUint32(8), bytes, starts };
}

function record({ bytes }, start) {
  const box = start + DIGEST + 2;
  return { revoked: bytes[start + DIGEST] === 1, box: bytes.subarray(box, box + bytes[box - 1]) };
}

function addChanges(part) {
  for (const start of part.starts) {
    changes.set(hexOf(part.bytes.subarray(start, start + DIGEST)), record(part, start));
  }
}

// From the device; the server is not asked.
export function loadList() {
  loading = loading || (async () => {
    const [whole, kept] = await Promise.all([store.read("list", "base", READ), store.read("list", "changes", READ)]);
    if (!whole) return;
    const part = opened(whole);
    base = part;
    ({ edition, serial } = part);
    if (!kept) return;
    const later = opened(kept);
    if (later.edition !== edition || later.serial < serial) return;
    addChanges(later);
    serial = later.serial;
  })().catch((error) => {
    loading = null; // it may be read the next time
    throw error;
  });
  return loading;
}

function packedChanges() {
  const size = [...changes.values()].reduce((sum, one) => sum + DIGEST + 2 + one.box.length, HEADER);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  [MAGIC, edition, serial, changes.size].forEach((number, i) => view.setUint32(4 * i, number));
  let at = HEADER;
  for (const [digest, { revoked, box }] of changes) {
    bytes.set(bytesOf(digest), at);
    bytes[at + DIGEST] = revoked ? 1 : 0;
    bytes[at + DIGEST + 1] = box.length;
    bytes.set(box, at + DIGEST + 2);
    at += DIGEST + 2 + box.length;
  }
  return bytes.buffer;
}

let refreshing = Promise.resolve(false);

// The whole list, or what changed since; answers whether the device is up to date.
export function refreshList() {
  refreshing = refreshing.then(refresh, refresh);
  return refreshing;
}

async function refresh() {
  await loadList();
  tellComing(true);
  try {
    return await fetched();
  } finally {
    tellComing(false);
  }
}

function tellComing(value) {
  coming = value;
  events.dispatchEvent(new Event("list"));
}

async function fetched() {
  const since = base && changes.size < MOST_CHANGES ? serial : 0;
  const answer = await call(`badges?edition=${edition}&since=${since}`, { binary: true, patience: PATIENCE_MS });
  if (!answer?.ok) return false;
  const part = opened(answer.content);
  if (!since || part.edition !== edition || part.serial < serial) {
    base = part;
    changes = new Map();
    ({ edition, serial } = part);
    await store.write("list", answer.content, "base", WRITE);
    await store.remove("list", "changes");
    return true;
  }
  serial = part.serial;
  if (!part.starts.length) return true;
  addChanges(part);
  await store.write("list", packedChanges(), "changes", WRITE);
  return true;
}

// Whether digest `wanted` is before (< 0), at (0) or after the record.
function compare(wanted, bytes, start) {
  for (let i = 0; i < DIGEST; i += 1) {
    if (wanted[i] !== bytes[start + i]) return wanted[i] - bytes[start + i];
  }
  return 0;
}

/**
 * @param {Part} part
 * @param {Uint8Array} wanted
 */
function search(part, wanted) {
  let [low, high] = [0, part.starts.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compare(wanted, part.bytes, part.starts[middle]);
    if (order === 0) return record(part, part.starts[middle]);
    if (order < 0) high = middle - 1;
    else low = middle + 1;
  }
  return null;
}

// Without the list, the badge is judged all the same.
function unread(error) {
  if (!isStorageProblem(error)) reportError(error);
}

// {state: "valid" | "revoked" | "unknown" | "forged", label?, successor?}.
/**
 * @param {string} code
 * @returns {Promise<Found>}
 */
export async function find(code) {
  await loadList().catch(unread);
  const digest = (await sha256(code)).subarray(0, DIGEST);
  const found = base && (changes.get(hexOf(digest)) || search(base, digest));
  if (found?.revoked) {
    const replaced = found.box.length > 0 && (await openBox(code, found.box));
    return { state: "revoked", ...(replaced && { successor: replaced.successor }) };
  }
  // Eight bytes may meet by chance; a label that does not open is another badge's.
  const label = found && (await openBox(code, found.box));
  if (label) return { state: "valid", label };
  // Kiosks have no key: they send whom they do not know to the desk.
  const key = config()?.code_key;
  return { state: !key || (await isGenuine(code, key)) ? "unknown" : "forged" };
}

// The same of somebody whose name was picked: the list says whether their badge still holds.
/**
 * @param {string} hash
 * @param {Label | null | undefined} label
 * @returns {Promise<Found>}
 */
export async function findNamed(hash, label) {
  await loadList().catch(unread);
  const digest = bytesOf(hash.slice(0, 2 * DIGEST));
  const found = base && (changes.get(hexOf(digest)) || search(base, digest));
  return found?.revoked ? { state: "revoked" } : { state: "valid", label };
}

/**
 * @param {string} code
 * @param {Uint8Array<ArrayBuffer>} box
 * @returns {Promise<Label | null>}
 */
async function openBox(code, box) {
  const secret = await sha256(`label:${code}`);
  const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["decrypt"]);
  const iv = new Uint8Array(12);
  iv.set(box.subarray(0, NONCE), 12 - NONCE);
  let plain;
  try {
    plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, tagLength: 64 }, key, box.subarray(NONCE));
  } catch {
    return null;
  }
  const [firstName, lastName, role, onBehalfOf, category, vip, needs, successor] = new TextDecoder().decode(plain).split("\x1f");
  return {
    firstName, lastName: lastName || "", function: role || "", onBehalfOf: onBehalfOf || "",
    category: CATEGORIES[Number(category)] || "", vip: vip === "1", needs: needs ? needs.split(",") : [],
    ...(successor && { successor }),
  };
}

// After a wipe: nothing of the list stays in the page either.
export function dropList() {
  base = null;
  changes = new Map();
  serial = 0;
  edition = 0;
  loading = null;
}

store.afterLoss(async () => {
  if (!base) return;
  await store.write("list", base.bytes.buffer, "base", WRITE);
  if (changes.size) await store.write("list", packedChanges(), "changes", WRITE);
});
