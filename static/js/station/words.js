// [word, sentence] of each verdict, as the server words it for this page.
import { byId } from "../page/elements.js";
/** @import { Words } from "./judge.js" */

/** @type {Words} */
export const WORDS = JSON.parse(byId("verdict-words").textContent ?? "");
