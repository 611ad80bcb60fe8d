import { toggle } from "./browser.js";
import assert from "node:assert/strict";
import { before, mock, test } from "node:test";

const HOUR = 3600_000;
const FAIR = Date.parse("2021-10-01T09:00:00+02:00");
let clock;
let mono = 1000;
let wall = FAIR - 2 * HOUR; // the device is two hours late

before(async () => {
  mock.method(Date, "now", () => wall);
  mock.method(performance, "now", () => mono);
  clock = await import("../../static/js/offline/clock.js");
  await clock.ready;
});

const pass = (ms) => {
  mono += ms;
  wall += ms;
};

test("a scan is put right once the server's time is known", () => {
  const stamp = clock.stamp();
  assert.deepEqual([stamp.anchored, clock.isAnchored(), clock.clockOffset()], [false, false, null]);
  assert.equal(clock.corrected(stamp), wall, "as long as nothing is known, the device is believed");
  pass(60_000);
  clock.keepTime(new Date(FAIR).toISOString(), mono - 100, { received: mono + 100 });
  assert.equal(clock.fairTime(), FAIR);
  assert.equal(clock.corrected(stamp), FAIR - 60_000);
  assert.equal(clock.clockOffset(), 2 * HOUR - 60_000);
});

test("a clock that jumps changes nothing in the page that knows the fair's time", () => {
  const stamp = clock.stamp();
  wall += 30 * HOUR;
  pass(1000);
  assert.equal(clock.fairTime(), stamp.at + 1000);
  assert.equal(clock.corrected(stamp), stamp.at);
  wall -= 30 * HOUR;
});

test("a scan of an earlier page is corrected by the last difference", () => {
  const earlier = { at: wall - HOUR, wall: wall - HOUR, mono: 5, session: "another page", anchored: false };
  assert.equal(clock.corrected(earlier), clock.fairTime() - HOUR);
  assert.equal(clock.corrected({ ...earlier, anchored: true }), earlier.at, "it knew its time");
});

test("a device that slept catches up: its monotonic clock stood still", () => {
  const at = clock.fairTime();
  toggle(true);
  wall += HOUR;
  toggle(false);
  assert.equal(clock.fairTime(), at + HOUR);
});

test("an answer without a time is no time", () => {
  const at = clock.fairTime();
  clock.keepTime("tomorrow", mono);
  assert.equal(clock.fairTime(), at);
});
