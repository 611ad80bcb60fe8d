// Codes of badges in what was read, and their digests.
import { hexOf } from "../page/identifiers.js";

const LONGEST_READING = 400;
const SAME_READING_MS = 4000;
const CODE = /^[A-Z2-7]{26}$/i;
const ADDRESS = /^https?:\/\/[a-z0-9.\-[\]:]{1,253}\/b\/([A-Z2-7]{26})\/?$/i;
const ENDS = /^[ \t\r\n\0\x03\x04\ufeff\u00a0]+|[ \t\r\n\0\x03\x04\ufeff\u00a0]+$/g;

// The 26 characters of a badge's code in what was read, or null.
export function codeIn(text) {
  if (text.length > LONGEST_READING) return null;
  const reading = text.replace(ENDS, "");
  if (CODE.test(reading)) return reading.toUpperCase();
  const address = ADDRESS.exec(reading);
  return address ? address[1].toUpperCase() : null;
}

const ENROLMENT = /^[A-HJKMNP-Z2-9]{12}$/;

// The code of an enrolment that was typed, or whose address was read or pasted; null for another text.
export function enrolmentCode(text) {
  const code = (text.trim().split("/").at(-1) ?? "").replace(/[\s-]/g, "").toUpperCase();
  return ENROLMENT.test(code) ? code : null;
}

export async function sha256(text) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

export const hashOf = async (code) => hexOf(await sha256(code));

// Return `present` for what is read again and again: a badge that stays before the camera is read once.
export function withoutRepeats(present) {
  const lately = new Map();
  return async (reading) => {
    const isSame = lately.has(reading);
    clearTimeout(lately.get(reading));
    lately.set(reading, setTimeout(() => lately.delete(reading), SAME_READING_MS));
    if (!isSame) await present(reading);
  };
}
