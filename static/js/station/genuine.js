// Whether a code that the list does not hold was made by the fair: salon/badges/engine/codes.py.
import { bytesOf as bytesOfHex } from "../page/identifiers.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const RANDOM_BYTES = 12;
const TAG_BYTES = 4;

/** @type {{ text: string, key: Promise<CryptoKey> }} */
let imported;

function keyOf(text) {
  imported = imported?.text === text ? imported : { text, key: crypto.subtle.importKey("raw", bytesOfHex(text), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]) };
  return imported.key;
}

// The 16 bytes of 26 base32 characters; null when the two padding bits are not zero, so that a
// real code has one spelling only.
function bytesOf(code) {
  const bytes = [];
  let [bits, held] = [0, 0];
  for (const letter of code) {
    bits = (bits << 5) | LETTERS.indexOf(letter);
    held += 5;
    if (held >= 8) {
      held -= 8;
      bytes.push(bits >> held);
      bits &= (1 << held) - 1;
    }
  }
  return bits === 0 ? Uint8Array.from(bytes) : null;
}

// `key`: of the edition, hexadecimal.
export async function isGenuine(code, key) {
  const bytes = bytesOf(code);
  if (!bytes) return false;
  const tag = new Uint8Array(await crypto.subtle.sign("HMAC", await keyOf(key), bytes.subarray(0, RANDOM_BYTES)));
  return bytes.subarray(RANDOM_BYTES).every((byte, i) => byte === tag[i]) && bytes.length === RANDOM_BYTES + TAG_BYTES;
}
