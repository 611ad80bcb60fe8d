// A badge is presented: kept in the queue first, as a scanner does, then put to the server, which
// welcomes its holder. Without an answer, what the device knows does.
import { fairTime, ready } from "../offline/clock.js";
import { codeIn, hashOf } from "../station/codes.js";
import { judge } from "../station/judge.js";
import { find } from "../station/list.js";
import { asSent, flush, judgedHere, prepare, record } from "../station/queue.js";
import { doorNow, noteSeen, seenOf } from "../station/seen.js";
import { call, config, contact } from "../station/station.js";
import { WORDS } from "../station/words.js";
import { StorageFull } from "../offline/store.js";

const PATIENCE_MS = 4000;
const DOUBTFUL_MS = 1500; // the network was silent a moment ago
const UNKNOWN_MS = 9000; // only the server can know this badge

// {verdict, message, visit?, person?, code, hash, online}. `person` is there for a valid badge.
export async function checkIn(reading, doorCode) {
  const code = codeIn(reading);
  await ready;
  const at = fairTime();
  const door = doorNow(doorCode);
  const hash = code && (await hashOf(code));
  const found = code ? await find(code) : { state: "no_badge" };
  // Nobody stands at a kiosk to let in whom it does not know: they are sent to the desk.
  const rules = { ...config(), lets_unknown_in: false };
  const judged = judge(found, { door, direction: "in", at, seen: hash && (await seenOf(hash, door)) }, { rules, words: WORDS });
  const { item, isKept } = await keep({ hash, reading, door: doorCode, direction: "in" });
  const answer = code ? await ask(item, patienceFor(found)) : null;
  const given = answer ? { verdict: answer.verdict, letIn: false } : judged;
  if (!answer && isKept) await judgedHere(item, judged);
  if (hash) await noteSeen(hash, door, "in", at, given).catch(reportError);
  if (isKept) flush();
  if (answer) return { ...answer, code, hash, online: true };
  if (!isKept) return { verdict: "nowhere", message: "La borne n’a plus de place. Adressez-vous à l’accueil." };
  return { verdict: judged.verdict, message: WORDS[judged.verdict][1], person: personOf(found.label, judged.verdict), code, hash, online: false };
}

async function keep(scan) {
  try {
    return { item: await record(scan), isKept: true };
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    return { item: await prepare(scan), isKept: false };
  }
}

function patienceFor(found) {
  if (found.state === "unknown") return UNKNOWN_MS;
  return contact.answers === false ? DOUBTFUL_MS : PATIENCE_MS;
}

async function ask(item, patience) {
  const answer = await call("kiosk/visits", { body: { scan: asSent(item) }, patience });
  return answer?.ok ? answer.content : null;
}

// The holder, from the label that only their code opens.
function personOf(label, verdict) {
  if (!label || verdict === "revoked") return null;
  const [category, colour] = config()?.categories[label.category] || [label.category, ""];
  return {
    greeting: `Bonjour ${label.firstName} ${label.lastName}`,
    first_name: label.firstName,
    last_name: label.lastName,
    function: label.function,
    on_behalf_of: label.onBehalfOf,
    category,
    colour,
  };
}
