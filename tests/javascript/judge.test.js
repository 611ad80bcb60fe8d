import assert from "node:assert/strict";
import { test } from "node:test";
import { afterScan, judge } from "../../static/js/station/judge.js";

// The rules themselves are compared with the server's, case by case, in test_judge.py.
const NINE = Date.parse("2021-10-01T09:00:00+02:00");
const MINUTE = 60_000;
const ACCEPTED = { verdict: "accepted", letIn: true };
const DOOR = { code: "A", label: "Entrée A", admits: [], zone: null };
const names = ["accepted", "already_inside", "exit", "invalid", "not_allowed_here", "re_entry", "revoked", "to_confirm"];
const words = Object.fromEntries(names.map((name) => [name, [name, `${name}.`]]));

function judged(found, passage, rules = null) {
  return judge(found, { door: DOOR, direction: "in", at: NINE, seen: null, ...passage }, { rules, words });
}

test("a scan that comes out of order moves the first entry, not where the person is", () => {
  const inside = afterScan(null, ACCEPTED, "in", NINE, "A");
  assert.deepEqual(inside, { inside: true, firstAt: NINE, firstDoor: "A", lastAt: NINE });
  const gone = afterScan(inside, { verdict: "exit", letIn: false }, "out", NINE + 10 * MINUTE, "A");
  assert.deepEqual(gone, { inside: false, firstAt: NINE, firstDoor: "A", lastAt: NINE + 10 * MINUTE });
  const late = afterScan(gone, ACCEPTED, "in", NINE - 5 * MINUTE, "B");
  assert.deepEqual(late, { inside: false, firstAt: NINE - 5 * MINUTE, firstDoor: "B", lastAt: NINE + 10 * MINUTE });
});

test("an exit without an entry leaves no first entry", () => {
  const out = afterScan(null, { verdict: "exit", letIn: false }, "out", NINE, "A");
  assert.deepEqual(out, { inside: false, firstAt: null, firstDoor: "", lastAt: NINE });
  assert.equal(judged({ state: "valid", label: null }, { seen: out }).verdict, "accepted");
});

test("who was stopped is not noted; who was let in unknown is", () => {
  assert.equal(afterScan(null, { verdict: "revoked", letIn: false }, "in", NINE, "A"), null);
  assert.equal(afterScan(null, { verdict: "to_confirm", letIn: false }, "in", NINE, "A"), null);
  assert.equal(afterScan(null, { verdict: "to_confirm", letIn: true }, "in", NINE, "A")?.inside, true);
});

test("a badge of an edition that the list does not hold is unknown, whatever it is", () => {
  assert.deepEqual([judged({ state: "unknown" }).verdict, judged({ state: "unknown" }).letIn], ["to_confirm", false]);
  assert.equal(judged({ state: "unknown" }, {}, { lets_unknown_in: true }).letIn, true);
  assert.equal(judged({ state: "forged" }, {}, { lets_unknown_in: true }).verdict, "invalid");
});

test("a device whose list has not come knows no rules, and still judges", () => {
  assert.equal(judged({ state: "valid", label: null }).letIn, true);
  assert.equal(judged({ state: "no_badge" }).letIn, false);
});
