// Names as they are typed in a hurry: `folded` (page/french.js) makes them alike.
const LEAST = 4; // a shorter word is typed right
const LONG = 8;

// Whether a word begins nearly as what was typed: one letter wrong, missing or too many, two in a
// long word.
export function isNearly(word, typed) {
  if (typed.length < LEAST) return word.startsWith(typed);
  const most = typed.length < LONG ? 1 : 2;
  return distanceToBeginning(word, typed, most) <= most;
}

// The least changes (Levenshtein) that make `typed` a beginning of `word`; more than `most`: too many.
function distanceToBeginning(word, typed, most) {
  let row = Array.from({ length: typed.length + 1 }, (_, i) => i);
  let best = row[typed.length];
  const end = Math.min(word.length, typed.length + most);
  for (let i = 1; i <= end; i += 1) {
    const next = [i];
    for (let j = 1; j <= typed.length; j += 1) {
      const change = row[j - 1] + (word[i - 1] === typed[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
    best = Math.min(best, row[typed.length]);
    if (Math.min(...row) > most) break;
  }
  return best;
}
