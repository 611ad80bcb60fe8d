// What a station keeps on the device. meta: the station, its configuration. queue: scans not yet
// acknowledged. list: the badges it knows. seen: what passed here.
import { Store } from "../offline/store.js";

// Where the last check of the device is kept (check.js).
export const CHECK = "check";

export const base = new Store("station", (created) => {
  created.createObjectStore("meta");
  created.createObjectStore("list");
  created.createObjectStore("seen");
  created.createObjectStore("queue", { keyPath: "scan_id" }).createIndex("state", ["state", "at"]);
});

export async function wipeAll() {
  for (const store of ["meta", "list", "seen", "queue"]) await base.clear(store);
}
