// Counts whom the filters of a message choose while they change, and writes a field in its text.
import { dataOf, partOf, partsOf, byId, setText } from "../page/elements.js";
import { request } from "../page/requests.js";

const audience = partOf(document, "[data-count]", HTMLFieldSetElement);
const text = byId("text", HTMLTextAreaElement);
let asked = 0;

async function count() {
  const own = ++asked;
  const filters = new URLSearchParams();
  for (const list of partsOf(audience, "select", HTMLSelectElement)) filters.set(list.name, list.value);
  const answer = await request(`${dataOf(audience).count}?${filters}`).catch(() => null);
  if (!answer?.ok || own !== asked) return; // the page of the message counts again
  setText(partOf(audience, ".audience__count"), (await answer.json()).words);
}

audience.addEventListener("change", count);
for (const button of partsOf(document, "[data-insert]", HTMLButtonElement)) {
  button.addEventListener("click", () => {
    text.setRangeText(dataOf(button).insert, text.selectionStart, text.selectionEnd, "end");
    text.focus();
  });
}
