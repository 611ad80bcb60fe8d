import "./browser.js";
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Sheet, sameRow } from "../../static/js/rota/sheet.js";
import { Sync } from "../../static/js/rota/sync.js";

mock.timers.enable({ apis: ["setInterval"] });
globalThis.addEventListener = () => {};

// As the server writes them: not as the page does, which ends with « .000Z ».
const STARTS = Array.from({ length: 8 }, (_, half) => new Date(Date.UTC(2021, 8, 24, 8, 30 * half)).toISOString().replace(".000Z", "+00:00"));
const shiftOf = (from, to) => ({ stand: 1, starts_at: STARTS[from], ends_at: STARTS[to], locked: false });
const rowOf = (agent, shifts, version) => ({ agent, shifts, version, published: [], breaks: [], changes: 0 });

// The rota as the server has it: agents 1 and 2, and how it answers a change.
class Server {
  rows = new Map([[1, rowOf(1, [shiftOf(0, 2)], 1)], [2, rowOf(2, [], 1)]]);
  isUp = true;

  answer(_, { body }) {
    if (!this.isUp) throw new TypeError("Failed to fetch");
    const { rows } = JSON.parse(body);
    const isStale = rows.some(({ agent, version }) => this.rows.get(agent)?.version !== version);
    if (!isStale) for (const { agent, shifts, version } of rows) this.rows.set(agent, rowOf(agent, shifts, version + 1));
    const shown = rows.map(({ agent }) => this.rows.get(agent));
    return new Response(JSON.stringify({ rows: shown, message: "" }), { status: isStale ? 409 : 200, headers: { "Content-Type": "application/json" } });
  }

  lengths(agent) {
    return this.rows.get(agent)?.shifts.map(({ starts_at, ends_at }) => (Date.parse(ends_at) - Date.parse(starts_at)) / 1_800_000);
  }
}

// The page, opened on what the server has.
function opened(server, name) {
  globalThis.fetch = (address, options) => new Promise((done) => { done(server.answer(address, options)); });
  const sheet = new Sheet({
    starts: STARTS, hours: STARTS, ends: STARTS, usual: 2, shown: [0, 8], is_published: false, removed: 0, stands: [{ id: 1, name: "Accueil" }],
    agents: [1, 2].map((id) => ({ id, name: `Agent ${id}`, away: [], avoided: [], stands: [1], wished: [] })),
    rows: [...server.rows.values()],
  });
  const refused = [];
  const show = { rows() {}, cover() {}, gaps() {}, state() {}, broken() {}, said() {}, refused: (message, lost) => refused.push([message, lost.map(({ words }) => words)]) };
  const sync = new Sync(sheet, { rows: `/${name}`, state: "/state", token: "", same: sameRow }, show, () => new Set());
  return { sheet, sync, refused };
}

const turns = async () => { for (let i = 0; i < 80; i += 1) await new Promise((done) => { setImmediate(done); }); };

const put = ({ sheet, sync }, words, agent, from, to) => sync.make(sheet.put(words, agent, null, { stand: 1, from, to, locked: false }));

// Two gestures while the server is away, then the page is closed.
async function closedWithTwo(server, name) {
  const page = opened(server, name);
  server.isUp = false;
  put(page, "first", 1, 3, 5);
  put(page, "second", 1, 6, 7);
  await turns();
  server.isUp = true;
}

async function reopened(server, name) {
  const page = opened(server, name);
  await page.sync.restore();
  await turns();
  return { ...page, left: await page.sync.items.all() };
}

test("gestures that wait when the page is closed are done when it is opened again", async () => {
  const server = new Server();
  await closedWithTwo(server, "waiting");
  assert.deepEqual(server.lengths(1), [2]);
  const { refused, left } = await reopened(server, "waiting");
  assert.deepEqual([server.lengths(1), refused, left], [[2, 2, 1], [], []]);
});

test("a row that somebody changed meanwhile stays, and the wish is shown", async () => {
  const server = new Server();
  await closedWithTwo(server, "moved");
  server.rows.set(1, rowOf(1, [shiftOf(0, 4)], 2));
  const { refused, left } = await reopened(server, "moved");
  assert.deepEqual([server.lengths(1), left], [[4], []]);
  assert.deepEqual(refused.map(([, words]) => words), [["first", "second"]]);
});

test("a gesture whose answer was lost is not done twice", async () => {
  const server = new Server();
  await closedWithTwo(server, "heard");
  server.rows.set(1, rowOf(1, [shiftOf(0, 2), shiftOf(3, 5)], 2));
  const { refused, left } = await reopened(server, "heard");
  assert.deepEqual([server.lengths(1), refused, left], [[2, 2, 1], [], []]);
});

test("a gesture that was answered is kept no longer", async () => {
  const server = new Server();
  const page = opened(server, "answered");
  put(page, "only", 2, 0, 2);
  await turns();
  assert.deepEqual([server.lengths(2), await page.sync.items.all()], [[2], []]);
});

test("a gesture past a limit is asked, and made once its author accepts what was said", async () => {
  const server = new Server();
  const answer = server.answer.bind(server);
  server.answer = (address, options) => {
    const { accepted, rows } = JSON.parse(options.body);
    if (accepted?.includes("Agent 2 aurait…")) return answer(address, options);
    const shown = rows.map(({ agent }) => server.rows.get(agent));
    return new Response(JSON.stringify({ rows: shown, message: "Agent 2 aurait…", asks: ["Agent 2 aurait…"] }), { status: 409, headers: { "Content-Type": "application/json" } });
  };
  const page = opened(server, "asked");
  let question;
  page.sync.show.refused = (_, lost, ids, asks) => { question = { lost, asks }; };
  put(page, "long", 2, 0, 7);
  await turns();
  assert.deepEqual([server.lengths(2), question.asks], [[], ["Agent 2 aurait…"]]);
  page.sync.make({ ...page.sheet.again(question.lost), accepted: question.asks });
  await turns();
  assert.deepEqual(server.lengths(2), [7]);
});
