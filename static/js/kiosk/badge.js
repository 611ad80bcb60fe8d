// The printed badge: built here, black on white, with the QR code that the badge itself has.
import { encode } from "../../vendor/uqr/uqr.js";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4; // modules around the code (ISO/IEC 18004)
const SMALLEST_VERSION = 3;
const LONG = 12;
const VERY_LONG = 18;
const paper = document.getElementById("paper");

// Puts the badge on the paper. `payload`: what its QR code holds.
export function fillPaper(person, payload, layout) {
  for (const sheet of document.querySelectorAll("link[data-layout]")) {
    sheet.media = sheet.dataset.layout === layout ? "print" : "not all";
  }
  const badge = part("article", `paper-badge paper-badge--${layout}`);
  const code = payload.slice(-26);
  badge.append(
    part("p", "paper-badge__fair", `${paper.dataset.fair}${paper.dataset.day ? `, ${paper.dataset.day}` : ""}`),
    part("p", `paper-badge__name${sized(person.first_name)}`, person.first_name),
    part("p", `paper-badge__name paper-badge__name--last${sized(person.last_name)}`, person.last_name),
    part("p", "paper-badge__function", person.function),
    part("p", "paper-badge__from", person.on_behalf_of),
    drawCode(payload),
    part("p", "paper-badge__code", `${code.slice(0, 4)} ${code.slice(4, 8)}`),
    part("p", "paper-badge__category", person.category),
  );
  paper.replaceChildren(badge);
}

export function emptyPaper() {
  paper.replaceChildren();
}

function part(name, className, words = "") {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = words;
  return element;
}

function sized(word) {
  if (word.length > VERY_LONG) return " paper-badge__name--tiny";
  return word.length > LONG ? " paper-badge__name--small" : "";
}

function drawCode(payload) {
  const { size, data } = encode(payload.toUpperCase(), { ecc: "M", border: QUIET, minVersion: SMALLEST_VERSION });
  const dark = [];
  data.forEach((row, y) => row.forEach((isDark, x) => { if (isDark) dark.push(`M${x} ${y}h1v1h-1z`); }));
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("class", "paper-badge__qr");
  svg.setAttribute("shape-rendering", "crispEdges");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", dark.join(""));
  svg.append(path);
  return svg;
}
