// « Ajouter » and « Retirer » in place: the server answers with the page as without this script, and its
// lines take the place of those shown. Hears « lines » whoever has something to set up in them.
import { closestTo, findPart, parse, partOf, partsOf, setText } from "./elements.js";
import { request } from "./requests.js";

/** @param {HTMLElement} list */
function changeInPlace(list) {
  const form = /** @type {HTMLFormElement} */ (closestTo(list, "form"));
  const words = partOf(form, "[data-lines-said]");
  // Not `form.action`: the buttons bear that name.
  const address = form.getAttribute("action") || location.href;
  let isBusy = false;
  let isPlain = false;

  /** @param {HTMLButtonElement} button */
  async function change(button) {
    const body = new FormData(form);
    body.set(button.name, button.value);
    const page = parse(await (await request(address, { method: "POST", body })).text());
    const lines = findPart(page, "[data-lines]");
    if (!lines) throw new Error("no lines");
    list.replaceChildren(...lines.childNodes);
    list.dispatchEvent(new Event("lines", { bubbles: true }));
    const added = partsOf(list, "fieldset", HTMLElement).at(-1);
    const next = findPart(list, "[autofocus]", HTMLElement) ?? (added && findPart(added, "input, select", HTMLElement));
    next?.focus();
    setText(words, partOf(page, "[data-lines-said]").textContent);
  }

  form.addEventListener("submit", async (event) => {
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (isPlain || !button || button.name !== "action" || !list.contains(button)) return;
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    try {
      await change(button);
    } catch {
      isPlain = true;
      form.requestSubmit(button);
    } finally {
      isBusy = false;
    }
  });
}

for (const list of partsOf(document, "[data-lines]", HTMLElement)) changeInPlace(list);
