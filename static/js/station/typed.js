// Readers that type (USB, Bluetooth): fast keys, then Enter, Tab, CR or LF.
// A reader set to an American keyboard on a French one gives wrong characters but right key codes.
import { codeIn } from "./codes.js";

const KEY_GAP_MS = 250;
const SHORTEST = 4;
const LONGEST = 4296;
const ENDS = ["Enter", "Tab", "\r", "\n"];
const CONTROLS = ["j", "m"]; // LF and CR as some readers type them
const SIGNS = { Slash: "/", Period: ".", Minus: "-", Semicolon: ":" };

// The character of a key on an American keyboard.
export function physicalKey({ code }) {
  return /^(?:Key|Digit|Numpad)(.)$/.exec(code)?.[1] || SIGNS[code] || "";
}

// What was read by its characters, or by its keys when these alone make a code.
export const readingOf = (characters, keys) => (!codeIn(characters) && codeIn(keys) ? keys : characters);

// Calls `onCode(text)` for each reading. `isOff`: keys belong to somebody else (a field is open).
// A reader without a terminator is understood too: a whole badge, then silence.
// Answers a function that stops listening.
/**
 * @param {(text: string) => unknown} onCode
 * @param {{ isOff?: () => boolean | undefined }} [page]
 */
export function listenToReader(onCode, { isOff = () => false } = {}) {
  let typed = { keys: "", codes: "", at: 0 };
  let silence = 0;
  let ended = -KEY_GAP_MS;
  const take = () => {
    const { keys, codes } = typed;
    typed = { keys: "", codes: "", at: 0 };
    onCode(readingOf(keys, codes));
  };
  const onKey = (event) => {
    clearTimeout(silence);
    const now = event.timeStamp; // when the key was struck, however late the page gets to it
    const isControl = event.ctrlKey && CONTROLS.includes(event.key) && now - Math.max(typed.at, ended) < KEY_GAP_MS;
    if (isControl) event.preventDefault();
    if (((event.ctrlKey || event.metaKey || event.altKey) && !isControl) || isOff()) return;
    if (now - typed.at > KEY_GAP_MS) typed = { keys: "", codes: "", at: now };
    typed.at = now;
    if (isControl || (ENDS.includes(event.key) && typed.keys.length >= SHORTEST)) {
      event.preventDefault();
      ended = now;
      if (typed.keys.length >= SHORTEST) take();
    } else if (event.key.length === 1 && !ENDS.includes(event.key) && typed.keys.length < LONGEST) {
      if (typed.keys || event.key !== " ") event.preventDefault();
      typed.keys += event.key;
      typed.codes += physicalKey(event);
      if (codeIn(typed.keys)) silence = setTimeout(() => { if (codeIn(typed.keys)) take(); }, KEY_GAP_MS);
    }
  };
  document.addEventListener("keydown", onKey, true);
  return () => {
    clearTimeout(silence);
    document.removeEventListener("keydown", onKey, true);
  };
}
