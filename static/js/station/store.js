// What a station keeps on the device. meta: the station, its configuration. queue: scans not yet
// acknowledged. list: the badges it knows. seen: what passed here.
import { Store } from "../offline/store.js";

export const base = new Store("station", (created) => {
  created.createObjectStore("meta");
  created.createObjectStore("list");
  created.createObjectStore("seen");
  created.createObjectStore("queue", { keyPath: "scan_id" }).createIndex("state", ["state", "at"]);
});

const within = (state) => IDBKeyRange.bound([state], [state, []]);

export function countOf(state) {
  return base.reading("queue", (store) => store.index("state").count(within(state)));
}

// The oldest items of the queue in that state.
export function inState(state, most) {
  return base.reading("queue", (store) => store.index("state").getAll(within(state), most));
}

export async function wipeAll() {
  for (const store of ["meta", "list", "seen", "queue"]) await base.clear(store);
}
