// Long work in batches: the next one starts by itself, unless somebody has begun to do something.

const PAUSE_MS = 1200;
const form = document.querySelector("[data-goes-on] form");

const timer = setTimeout(() => form.requestSubmit(), PAUSE_MS);
for (const event of ["pointerdown", "keydown"]) {
  addEventListener(event, () => clearTimeout(timer), { once: true });
}
