import "./browser.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue, StoredItems } from "../../static/js/offline/queue.js";
import { Store } from "../../static/js/offline/store.js";

// A queue of these numbers; `answer(batch)` is the server's.
function queueOf(numbers, answer, size = 8) {
  const waiting = [...numbers];
  const taken = [];
  const aside = [];
  const drop = (items) => items.forEach((item) => waiting.splice(waiting.indexOf(item), 1));
  const queue = new Queue({
    next: () => waiting.slice(0, size),
    send(batch) {
      const outcome = answer(batch);
      if (outcome === true) {
        taken.push(...batch);
        drop(batch);
      }
      return Promise.resolve(outcome);
    },
    setAside(item, refused) {
      aside.push([item, refused]);
      drop([item]);
    },
  });
  return { queue, waiting, taken, aside };
}

test("all that waits is sent, the oldest first", async () => {
  const { queue, waiting, taken } = queueOf([1, 2, 3, 4, 5], () => true, 2);
  await queue.flush();
  assert.deepEqual([waiting, taken], [[], [1, 2, 3, 4, 5]]);
});

test("nothing is lost while the server does not answer", async () => {
  let isUp = false;
  const { queue, waiting, taken } = queueOf([1, 2, 3], () => isUp);
  await queue.flush();
  assert.deepEqual([waiting, taken], [[1, 2, 3], []]);
  isUp = true;
  await queue.flush();
  assert.deepEqual([waiting, taken], [[], [1, 2, 3]]);
});

test("the item that the server refuses is found and set aside, the others pass", async () => {
  const { queue, taken, aside } = queueOf([1, 2, 3, 4, 5, 6, 7, 8], (batch) => (batch.includes(6) ? { refused: "no" } : true));
  await queue.flush();
  assert.deepEqual(taken, [1, 2, 3, 4, 5, 7, 8]);
  assert.deepEqual(aside, [[6, "no"]]);
});

test("one sending at a time; what comes meanwhile goes in the same turn", async () => {
  let open = 0;
  const batches = [];
  const { queue, waiting } = queueOf([1], (batch) => {
    open += 1;
    assert.equal(open, 1);
    batches.push([...batch]);
    if (batch[0] === 1) {
      waiting.push(2);
      queue.flush();
    }
    open -= 1;
    return true;
  });
  await Promise.all([queue.flush(), queue.flush()]);
  assert.deepEqual(batches, [[1], [2]]);
});

test("a queue whose sending fails can be flushed again", async () => {
  let fails = true;
  const { queue, taken } = queueOf([1], () => {
    if (fails) throw new Error("the base is closed");
    return true;
  });
  await assert.rejects(queue.flush());
  fails = false;
  await queue.flush();
  assert.deepEqual(taken, [1]);
});

test("an item that changed since it was sent stays", async () => {
  const items = new StoredItems(new Store("items", (base) => base.createObjectStore("queue", { keyPath: "id" })), "id");
  const isSame = (kept, sent) => kept.revision === sent.revision;
  await items.put({ id: "a", revision: 1 });
  await items.put({ id: "b", revision: 0 });
  await items.remove([{ id: "a", revision: 0 }, { id: "b", revision: 0 }], isSame);
  assert.deepEqual(await items.all(), [{ id: "a", revision: 1 }]);
});
