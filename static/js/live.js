// Keeps the live page up to date; without this script the page is complete, and has a link.
import { byId, dataOf, make, partOf, partsOf, setText } from "./page/elements.js";
import { jsonReader, keepFresh } from "./page/requests.js";

const WORDS = ["refusal", "station"];
const read = jsonReader(dataOf(byId("live")).address);
const canvas = byId("live-chart", HTMLCanvasElement);
/** @type {Chart | null} */
let chart = null;

function rowsOf(name) {
  return Array.from(partsOf(document, `#live-${name} tr`), (row) =>
    Array.from(row.children, (cell) => cell.textContent));
}

function fill(name, rows) {
  if (!rows.length) return;
  const kind = WORDS.includes(name) ? "" : "number";
  byId(`live-${name}`).replaceChildren(...rows.map(([head, ...values]) => {
    const [row, first] = [make("tr"), make("th", "", head)];
    first.scope = "row";
    row.append(first, ...values.map((value) => make("td", kind, value)));
    return row;
  }));
}

function draw(rows) {
  const known = rows.filter((cells) => cells.length === 3);
  partOf(document, ".chart").hidden = !known.length;
  if (!known.length) return;
  const labels = known.map(([label]) => label);
  const figure = (text) => (Number.isFinite(Number(text)) ? Number(text) : null); // « – »: not yet
  const data = known.map(([, count]) => figure(count));
  const expected = known.map(([, , count]) => figure(count));
  if (chart) {
    chart.data.labels = labels;
    chart.data.datasets[0].data = data;
    chart.data.datasets[1].data = expected;
    chart.update();
    return;
  }
  const colours = getComputedStyle(document.documentElement);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  chart = new Chart(canvas, {
    type: "bar",
    data: {
      labels,
      datasets: [
        { label: "Entrées", data, order: 2, maxBarThickness: 56, backgroundColor: colours.getPropertyValue("--sea").trim() },
        { label: "Prévues", data: expected, order: 1, type: "line", stepped: "middle", pointRadius: 0, borderWidth: 3, borderDash: [6, 4], borderColor: colours.getPropertyValue("--ochre").trim() },
      ],
    },
    options: {
      animation: still ? false : { duration: 300 },
      maintainAspectRatio: false,
      plugins: { legend: { display: true, position: "bottom" } },
      scales: { y: { beginAtZero: true, ticks: { precision: 0 } } },
    },
  });
}

async function refresh() {
  let content;
  try {
    content = await read();
  } catch {
    byId("live-late").hidden = false; // the next round tries again
    return;
  }
  byId("live-late").hidden = true;
  if (!content) return;
  setText(byId("live-alarm-words"), content.alarm);
  byId("live-alarm").hidden = !content.alarm;
  byId("live-conflicts").hidden = !content.conflicts;
  byId("live-conflicts-count").textContent = content.conflicts;
  byId("live-at").textContent = content.at;
  for (const [name, value] of Object.entries(content.figures)) {
    byId(`live-${name}`).textContent = value;
  }
  for (const [name, rows] of Object.entries(content.tables)) fill(name, rows);
  draw(content.tables.quarter);
}

draw(rowsOf("quarter"));
keepFresh(refresh, 5000);
