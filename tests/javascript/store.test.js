import "./browser.js";
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { StoredItems } from "../../static/js/offline/queue.js";
import { REST_MS, Store, StorageFull, StorageSilent } from "../../static/js/offline/store.js";

const ANSWER_MS = 2000;
const { transaction } = IDBDatabase.prototype;
const { open } = IDBFactory.prototype;
const makeQueue = (base) => base.createObjectStore("queue", { keyPath: "id" });

afterEach(() => {
  IDBDatabase.prototype.transaction = transaction;
  IDBFactory.prototype.open = open;
  delete IDBRequest.prototype.addEventListener;
  mock.timers.reset();
});

// The next `times` transactions fail.
function failing(name, times) {
  let left = times;
  IDBDatabase.prototype.transaction = function fail(...args) {
    if (left <= 0) return transaction.apply(this, args);
    left -= 1;
    throw new DOMException("Connection to Indexed Database server lost", name);
  };
}

// No request fires its event any more.
function silent() {
  IDBRequest.prototype.addEventListener = () => {};
}

// Lets what is not a timer go on.
const turns = async () => { for (let i = 0; i < 50; i += 1) await new Promise((done) => { setImmediate(done); }); };

// Advances the clock until the promise is settled, at most ten seconds.
async function settled(promise) {
  let isSettled = false;
  promise.then(() => { isSettled = true; }, () => { isSettled = true; });
  for (let ms = 0; ms < 10_000 && !isSettled; ms += 100) {
    await turns();
    mock.timers.tick(100);
  }
  await turns();
  assert.ok(isSettled, "no answer in ten seconds");
  return promise;
}

const clock = () => mock.timers.enable({ apis: ["setTimeout"] });

test("a connection that WebKit lost is opened again, and the item is kept", async () => {
  const base = new Store("lost", makeQueue);
  const items = new StoredItems(base, "id");
  await items.put({ id: "before" });
  failing("UnknownError", 2);
  await items.put({ id: "a" });
  assert.equal(items.unwritten, 0);
  const after = new StoredItems(new Store("lost", makeQueue), "id");
  assert.deepEqual((await after.all()).map(({ id }) => id).sort(), ["a", "before"]);
});

test("a full device says so, and no other error counts as full", async () => {
  const base = new Store("full", makeQueue);
  await base.reading("queue", (store) => store.count());
  failing("QuotaExceededError", 1);
  await assert.rejects(base.writing("queue", (store) => store.put({ id: "a" })), StorageFull);
  failing("DataError", 1);
  await assert.rejects(base.writing("queue", (store) => store.put({ id: "a" })), { name: "DataError" });
});

test("what a lost base cannot take is held by the page, and written when it is back", async () => {
  let changes = 0;
  const items = new StoredItems(new Store("away", makeQueue), "id", () => { changes += 1; });
  await items.put({ id: "sent" });
  clock();
  failing("UnknownError", Infinity);
  await settled(items.put({ id: "a", words: "first" }));
  await settled(items.put({ id: "a", words: "second" }));
  assert.equal(items.unwritten, 1);
  assert.deepEqual((await settled(items.all())).map(({ id }) => id).sort(), ["a", "sent"]);
  await settled(items.remove([{ id: "sent" }]));
  assert.deepEqual((await settled(items.all())).map(({ id }) => id), ["a"]);
  IDBDatabase.prototype.transaction = transaction;
  for (let ms = 0; ms < 3 * REST_MS && items.isBehind; ms += 100) {
    await turns();
    mock.timers.tick(100);
  }
  assert.deepEqual([items.unwritten, items.isBehind, changes], [0, false, 1]);
  mock.timers.reset();
  const after = new StoredItems(new Store("away", makeQueue), "id");
  assert.deepEqual(await after.all(), [{ id: "a", words: "second" }]);
});

test("a request that never answers has a limit of time; the next is told at once", async () => {
  const base = new Store("silent", makeQueue);
  await base.reading("queue", (store) => store.count());
  clock();
  silent();
  const read = base.reading("queue", (store) => store.getAll());
  await turns();
  mock.timers.tick(ANSWER_MS - 1);
  await turns();
  mock.timers.tick(1);
  await assert.rejects(read, StorageSilent);
  await assert.rejects(base.reading("queue", (store) => store.getAll()), StorageSilent);
  delete IDBRequest.prototype.addEventListener;
  mock.timers.tick(REST_MS);
  assert.deepEqual(await settled(base.reading("queue", (store) => store.getAll())), []);
});

test("a base that never opens has it too, and what is put is held", async () => {
  const items = new StoredItems(new Store("closed", makeQueue), "id");
  clock();
  IDBFactory.prototype.open = () => Object.assign(Object.create(IDBOpenDBRequest.prototype), { addEventListener() {} });
  await settled(items.put({ id: "a" }));
  assert.deepEqual([items.unwritten, await settled(items.all())], [1, [{ id: "a" }]]);
  IDBFactory.prototype.open = open;
  mock.timers.tick(REST_MS);
  for (let ms = 0; ms < 3 * REST_MS && items.isBehind; ms += 100) {
    await turns();
    mock.timers.tick(100);
  }
  assert.equal(items.unwritten, 0);
});
