import "./browser.js";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ask, flush, judgedHere, record } from "../../static/js/station/queue.js";
import { readStation } from "../../static/js/station/station.js";
import { base } from "../../static/js/station/store.js";

const HASH = "ab".repeat(32);
const NOW = "2021-10-01T09:12:00+02:00";
let verdict = { verdict: "accepted", word: "Bienvenue" };
let isHeard = true;
const oddities = [];

// The server answers every scan with `verdict`; unheard, its answer is lost on the way.
function answer(address, { body = "{}" } = {}) {
  const sent = JSON.parse(body);
  if (!isHeard) return Promise.reject(new TypeError("lost"));
  if (address.endsWith("oddities")) oddities.push(...sent.oddities);
  const results = (sent.scans || []).map(({ scan_id }) => ({ scan_id, ...verdict }));
  const kept = (sent.oddities || []).map(({ scan_id }) => scan_id);
  return Promise.resolve(new Response(JSON.stringify({ results, kept, now: NOW })));
}

// A badge whose answer does not come in time: the device answers `shown`; the server's comes later.
async function passUnheard(shown, letIn, later) {
  oddities.length = 0;
  isHeard = false;
  const item = await record({ hash: HASH, door: "A", direction: "in" });
  await ask(item, 10);
  await judgedHere(item, { verdict: shown, letIn });
  isHeard = true;
  verdict = later;
  await flush();
  return item;
}

before(async () => {
  globalThis.fetch = answer;
  await base.write("meta", { token: "t", id: 1, kind: "scanner", name: "A", door: "A" }, "station");
  await readStation();
});

test("who was let in against an answer that came too late is told as such", async () => {
  const item = await passUnheard("accepted", true, { verdict: "revoked", word: "Badge annulé" });
  assert.equal(oddities.length, 1);
  const [{ scan_id, unheard, problem }] = oddities;
  assert.equal(scan_id, item.scan_id);
  assert.deepEqual(unheard, { shown: "accepted", let_in: true });
  assert.match(problem, /Laissé passer faute de réponse à temps/);
  assert.deepEqual(await base.reading("queue", (store) => store.getAll()), []);
});

test("who was stopped against it too", async () => {
  await passUnheard("to_confirm", false, { verdict: "accepted", word: "Bienvenue" });
  assert.deepEqual(oddities.map(({ unheard }) => unheard), [{ shown: "to_confirm", let_in: false }]);
});

test("an answer that says the same is let go", async () => {
  await passUnheard("accepted", true, { verdict: "accepted", word: "Bienvenue" });
  assert.deepEqual(oddities, []);
});
