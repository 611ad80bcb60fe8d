import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";

const ROOT = new URL("../../static/js/", import.meta.url);

test("no page decides by what the browser says of the network: it asks the server", async () => {
  const names = (await readdir(ROOT, { recursive: true })).filter((name) => name.endsWith(".js"));
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, ROOT), "utf8")));
  assert.deepEqual(names.filter((_, i) => texts[i].includes("onLine")), []);
});
