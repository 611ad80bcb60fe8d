import "./browser.js";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { hashOf } from "../../static/js/station/codes.js";
import { dropList, find, findNamed, listSerial, listSize, loadList, refreshList } from "../../static/js/station/list.js";
import { readStation } from "../../static/js/station/station.js";
import { base } from "../../static/js/station/store.js";

const [JEANNE, PAUL, NOBODY, ...OTHERS] = [..."ABCDEFGHIJK"].map((letter) => letter.repeat(26));
const LABEL = { firstName: "Jeanne", lastName: "Dupont", function: "Maire", onBehalfOf: "Sète", category: "elected", vip: true, needs: ["parking"] };
const TEXT = "Jeanne\x1fDupont\x1fMaire\x1fSète\x1f1\x1f1\x1fparking";
const asked = [];
let answer = new Uint8Array();

// The list as salon/entrance/engine/offline_list.py packs it.
async function record(code, { revoked = false, text = revoked ? "" : TEXT } = {}) {
  const digest = Buffer.from(await hashOf(code), "hex").subarray(0, 8);
  const secret = await crypto.subtle.digest("SHA-256", Buffer.from(`label:${code}`));
  const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  const nonce = Buffer.from([1, 2, 3, 4]);
  const iv = Buffer.concat([Buffer.alloc(8), nonce]);
  const sealed = Buffer.from(await crypto.subtle.encrypt({ name: "AES-GCM", iv, tagLength: 64 }, key, Buffer.from(text)));
  const box = text ? Buffer.concat([nonce, sealed]) : Buffer.alloc(0);
  return Buffer.concat([digest, Buffer.from([Number(revoked), box.length]), box]);
}

function packed(edition, serial, records) {
  const head = Buffer.alloc(16);
  head.write("SDM1");
  [edition, serial, records.length].forEach((number, place) => head.writeUInt32BE(number, 4 + 4 * place));
  return Buffer.concat([head, ...records.sort(Buffer.compare)]);
}

before(async () => {
  globalThis.fetch = (address) => {
    asked.push(address);
    return Promise.resolve(new Response(answer));
  };
  await base.write("meta", { token: "t", id: 1, kind: "scanner", name: "A", door: "A" }, "station");
  await readStation();
});

test("a device without its list knows nobody", async () => {
  assert.deepEqual([listSize(), await find(JEANNE)], [0, { state: "unknown" }]);
});

test("the whole list comes, and a badge opens its label", async () => {
  answer = packed(7, 3, await Promise.all([JEANNE, PAUL, ...OTHERS].map((code) => record(code))));
  assert.equal(await refreshList(), true);
  assert.deepEqual([listSize(), listSerial(), asked.at(-1)], [10, 3, "/api/v1/badges?edition=0&since=0"]);
  for (const code of OTHERS) assert.equal((await find(code)).state, "valid");
  assert.deepEqual(await find(JEANNE), { state: "valid", label: LABEL });
  assert.deepEqual(await find(NOBODY), { state: "unknown" });
});

test("a badge revoked since is refused, by its code and by its holder's name", async () => {
  answer = packed(7, 4, [await record(PAUL, { revoked: true })]);
  assert.equal(await refreshList(), true);
  assert.deepEqual([listSerial(), asked.at(-1)], [4, "/api/v1/badges?edition=7&since=3"]);
  assert.deepEqual(await find(PAUL), { state: "revoked" });
  assert.deepEqual(await findNamed(await hashOf(PAUL), LABEL), { state: "revoked" });
  assert.deepEqual(await findNamed(await hashOf(JEANNE), LABEL), { state: "valid", label: LABEL });
});

test("a badge that another of its holder replaced names it, to its code alone", async () => {
  answer = packed(7, 4, [await record(PAUL, { revoked: true, text: "Paul\x1fRoque\x1f\x1f\x1f1\x1f\x1f\x1f1A2B 3C4D" })]);
  assert.equal(await refreshList(), true);
  assert.deepEqual(await find(PAUL), { state: "revoked", successor: "1A2B 3C4D" });
  assert.deepEqual(await findNamed(await hashOf(PAUL), LABEL), { state: "revoked" });
  answer = packed(7, 4, [await record(PAUL, { revoked: true })]);
  assert.equal(await refreshList(), true);
});

test("what the device keeps serves again without network, changes too", async () => {
  dropList();
  await loadList();
  assert.deepEqual([listSize(), listSerial()], [10, 4]);
  assert.deepEqual(await find(PAUL), { state: "revoked" });
});

test("a list that is cut or is none is refused, and the one that is there serves", async () => {
  const whole = packed(7, 5, [await record(PAUL)]);
  for (const wrong of [whole.subarray(0, whole.length - 1), Buffer.from("<html>no network here</html>")]) {
    answer = wrong;
    await assert.rejects(refreshList());
    assert.deepEqual(await find(JEANNE), { state: "valid", label: LABEL });
  }
});

test("the list of another edition takes the place of the whole", async () => {
  answer = packed(8, 9, [await record(PAUL)]);
  assert.equal(await refreshList(), true);
  assert.deepEqual([listSize(), listSerial()], [1, 9]);
  assert.deepEqual(await find(JEANNE), { state: "unknown" });
  assert.equal((await find(PAUL)).state, "valid");
});
