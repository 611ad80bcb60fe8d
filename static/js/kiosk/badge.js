// The printed badge: built here, black on white, with the QR code that the badge itself has.
import { byId, make, makeSvg, partsOf } from "../page/elements.js";
import { encode } from "../../vendor/uqr/uqr.js";

const QUIET = 4; // modules around the code (ISO/IEC 18004)
const SMALLEST_VERSION = 3;
const USUAL = ["function", "organisation", "fair"];
const LONG = 12;
const VERY_LONG = 18;
const paper = byId("paper");

// Puts the badge on the paper. `payload`: what its QR code holds; `lines`: the organiser's choice.
// A line that this device does not know, such as a stand without network, is left out.
export function fillPaper(person, payload, layout, lines = USUAL) {
  for (const sheet of partsOf(document, "link[data-layout]", HTMLLinkElement)) {
    sheet.media = sheet.dataset.layout === layout ? "print" : "not all";
  }
  const badge = make("article", `paper-badge paper-badge--${layout}`);
  const code = payload.slice(-26);
  const days = person.day || paper.dataset.day;
  const day = lines.includes("fair") && days ? `, ${days}` : "";
  const printed = [
    ["function", "function", person.function],
    ["organisation", "from", person.on_behalf_of],
    ["stand", "stand", person.stand],
  ].filter(([line, , words]) => words && lines.includes(line));
  badge.append(
    make("p", "paper-badge__fair", `${paper.dataset.fair}${day}`),
    make("p", `paper-badge__name${sized(person.first_name)}`, person.first_name),
    make("p", `paper-badge__name paper-badge__name--last${sized(person.last_name)}`, person.last_name),
    ...printed.map(([, name, words]) => make("p", `paper-badge__${name}`, words)),
    drawCode(payload),
    make("p", "paper-badge__code", `${code.slice(0, 4)} ${code.slice(4, 8)}`),
    make("p", "paper-badge__category", person.category),
  );
  paper.replaceChildren(badge);
}

// Prints the paper once the page is loaded: a browser puts off what is printed before (HTML, « print
// when loaded »), and would print a paper that was emptied meanwhile.
export async function printPaper() {
  if (document.readyState !== "complete") {
    await new Promise((resolve) => { window.addEventListener("load", () => setTimeout(resolve), { once: true }); });
  }
  window.print();
}

export function emptyPaper() {
  paper.replaceChildren();
}

function sized(word) {
  if (word.length > VERY_LONG) return " paper-badge__name--tiny";
  return word.length > LONG ? " paper-badge__name--small" : "";
}

function drawCode(payload) {
  const { size, data } = encode(payload.toUpperCase(), { ecc: "M", border: QUIET, minVersion: SMALLEST_VERSION });
  const dark = [];
  data.forEach((row, y) => row.forEach((isDark, x) => { if (isDark) dark.push(`M${x} ${y}h1v1h-1z`); }));
  const svg = makeSvg("svg", { viewBox: `0 0 ${size} ${size}`, class: "paper-badge__qr", "shape-rendering": "crispEdges" });
  svg.append(makeSvg("path", { d: dark.join("") }));
  return svg;
}
