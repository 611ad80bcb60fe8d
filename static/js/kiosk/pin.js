// The way out: a PIN, checked here so that it works without network.
// PBKDF2-SHA-256, 200,000 rounds. Five wrong ones, and one waits a minute; a reload forgets nothing.
import { bytesOf, hexOf } from "../page/identifiers.js";

const ROUNDS = 200_000;
const MOST = 5;
const WAIT_MS = 60_000;
const KEPT = "kiosk-pin";

const tries = () => JSON.parse(localStorage.getItem(KEPT) || '{"wrong":0,"until":0}');
const keep = (state) => localStorage.setItem(KEPT, JSON.stringify(state));

// Seconds to wait before a PIN is looked at again; 0 when there is none.
export function secondsToWait() {
  const left = Math.ceil((tries().until - Date.now()) / 1000);
  return left > 0 && left <= WAIT_MS / 1000 ? left : 0;
}

// Whether it is the PIN; {pin_salt, pin_hash} are the organiser's, hexadecimal.
export async function isPin(typed, { pin_salt, pin_hash }) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(typed), "PBKDF2", false, ["deriveBits"]);
  const settings = { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(pin_salt), iterations: ROUNDS };
  const found = hexOf(new Uint8Array(await crypto.subtle.deriveBits(settings, key, 256)));
  if (found === pin_hash.toLowerCase()) {
    localStorage.removeItem(KEPT);
    return true;
  }
  const wrong = tries().wrong + 1;
  keep(wrong >= MOST ? { wrong: 0, until: Date.now() + WAIT_MS } : { wrong, until: 0 });
  return false;
}
