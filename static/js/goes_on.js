// Long work in batches: the next one starts by itself, unless somebody has begun to do something.
import { partOf } from "./page/elements.js";

const PAUSE_MS = 1200;
const form = partOf(document, "[data-goes-on] form", HTMLFormElement);

const timer = setTimeout(() => form.requestSubmit(), PAUSE_MS);
for (const event of ["pointerdown", "keydown"]) {
  addEventListener(event, () => clearTimeout(timer), { once: true });
}
