import "./browser.js";
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { whatLacks } from "../../static/js/page/browser.js";
import { request } from "../../static/js/page/requests.js";
import { enrolmentCode } from "../../static/js/station/codes.js";

const { timeout } = AbortSignal;
const { fetch } = globalThis;

afterEach(() => {
  AbortSignal.timeout = timeout;
  globalThis.fetch = fetch;
  mock.timers.reset();
});

test("a call ends after its time without AbortSignal.timeout too", async () => {
  delete AbortSignal.timeout;
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.fetch = (_, { signal }) => new Promise((_done, fail) => { signal.addEventListener("abort", () => fail(signal.reason)); });
  const call = request("/api/v1/time", { patience: 6000 });
  mock.timers.tick(6000);
  await assert.rejects(call, { name: "AbortError" });
});

const ENROLMENTS = [
  ["ABCDEFGH2345", "ABCDEFGH2345"],
  [" abcd-efgh-2345 \n", "ABCDEFGH2345"],
  ["https://salon.example/scanner/enrolement/ABCDEFGH2345", "ABCDEFGH2345"],
  ["http://127.0.0.1:5871/scanner/enrolement/abcdefgh2345", "ABCDEFGH2345"],
  ["ABCDEFGH234", null],
  ["ABCDEFGH0123", null],
  ["https://salon.example/B/ABCDEFGHIJKLMNOPQRSTUVWXYZ", null],
  ["", null],
];

test("an enrolment code is known by itself and in its address", () => {
  for (const [text, code] of ENROLMENTS) assert.equal(enrolmentCode(text), code);
});

const GOOD = { isSecureContext: true, crypto: { subtle: {} }, indexedDB: {}, Worker: {}, WebAssembly: {} };

test("a browser that cannot serve says why and what to do", () => {
  assert.equal(whatLacks(GOOD), null);
  const cases = [[{ isSecureContext: false }, /https/], [{ crypto: {} }, /https/], [{ WebAssembly: undefined }, /mettez-le à jour/], [{ indexedDB: null }, /mettez-le à jour/]];
  for (const [change, advice] of cases) assert.match(whatLacks({ ...GOOD, ...change })[1], advice);
});
