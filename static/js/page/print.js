// Prints the page; without this script the browser's own menu does it.
import { partOf } from "./elements.js";

const button = partOf(document, "[data-print]");
button.hidden = false;
button.addEventListener("click", () => window.print());
