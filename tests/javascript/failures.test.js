import "./browser.js";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { anonymous, failuresToReport, placeIn, withFailure } from "../../static/js/station/failures.js";

const MESSAGES = [
  ["TypeError: Cannot read properties of null (reading 'lastName')", "TypeError: Cannot read properties of null …"],
  ["SyntaxError: Unexpected token 'D', \"Dupont,Jea\"... is not valid JSON", "SyntaxError: Unexpected token … is not valid …"],
  ["QuotaExceededError: The quota has been exceeded.", "QuotaExceededError: The quota has been exceeded."],
  ["Error: /api/v1/attendees?q=dupont: 500", "Error: …"],
  ["Error: no badge for Jeanne DUPONT, née d’Ortaffa", "Error: no badge for …"],
  ["Error: ABCD2345ABCD2345ABCD2345AB is no badge", "Error: … is no badge"],
  ["Error: 06 12 34 56 78 jeanne@example.org «\u00a0Jeanne\u00a0»", "Error: …"],
  ["Error: « Jeanne Dupont » is away", "Error: … is away"],
  ["Error: \"marie jeanne dupont\" is away", "Error: … is away"],
];

test("a message keeps the words of the program and none of a badge", () => {
  for (const [message, kept] of MESSAGES) assert.equal(anonymous(message), kept);
});

test("a long message is cut", () => {
  assert.equal(anonymous("word ".repeat(5000)).length, 160);
});

test("a failure has the first module of ours in its stack", () => {
  const stack = "TypeError: x\n at JSON.parse (<anonymous>)\n at find (https://fair.example/scanner/fichiers/ab12/js/station/list.js:155:9)\n at a (https://fair.example/static/ab/js/scanner/scanner.js:3:1)";
  assert.equal(placeIn(stack), "station/list.js:155");
  assert.equal(placeIn("https://elsewhere.example/extension.js:1:2"), "");
});

const failure = (message, at) => ({ message, place: "a.js:1", version: "1", count: 1, at });

test("ten failures are kept, the newest first, each counted, of one day", () => {
  let failures = [failure("old", 0)];
  const now = 25 * 3600_000;
  for (let i = 0; i < 12; i += 1) failures = withFailure(failures, failure(`message ${i}`, now + i));
  failures = withFailure(failures, failure("message 5", now + 20));
  assert.equal(failures.length, 10);
  assert.deepEqual(failures.slice(0, 2).map(({ message, count }) => [message, count]), [["message 5", 2], ["message 11", 1]]);
  assert.ok(!failures.some(({ message }) => message === "old"));
});

test("the server is told how long ago, whatever the clock of the device says", () => {
  localStorage.setItem("failures", JSON.stringify([failure("message", 5000), failure("yesterday", -90_000_000)]));
  assert.deepEqual(failuresToReport(65_000), [{ message: "message", place: "a.js:1", version: "1", count: 1, seconds_ago: 60 }]);
  localStorage.setItem("failures", "{ cut");
  assert.deepEqual(failuresToReport(65_000).length, 1, "what the page knew is still known");
});

test("a page hears what fails while its other modules load", async () => {
  for (const page of ["scanner/scanner.js", "kiosk/kiosk.js"]) {
    const text = await readFile(new URL(`../../static/js/${page}`, import.meta.url), "utf8");
    assert.match(text, /^(?:\/\/.*\n)*import "\.\.\/station\/failures\.js";\n/);
  }
});
