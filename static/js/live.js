// Keeps the live page up to date; without this script the page is complete, and has a link.
const EVERY_MS = 5000;
const ANSWER_MS = 8000;
const WORDS = ["refusal", "station"];
const byId = (id) => document.getElementById(id);
const board = byId("live");
const canvas = document.getElementById("live-chart");
let chart = null;

function rowsOf(name) {
  return Array.from(document.querySelectorAll(`#live-${name} tr`), (row) =>
    Array.from(row.children, (cell) => cell.textContent));
}

function fill(name, rows) {
  const body = document.getElementById(`live-${name}`);
  if (!rows.length) return;
  body.replaceChildren(...rows.map((cells) => {
    const row = document.createElement("tr");
    cells.forEach((value, index) => {
      const cell = document.createElement(index ? "td" : "th");
      if (!index) cell.scope = "row";
      else if (!WORDS.includes(name)) cell.className = "number";
      cell.textContent = value;
      row.append(cell);
    });
    return row;
  }));
}

function draw(rows) {
  const known = rows.filter((cells) => cells.length === 3);
  canvas.parentElement.hidden = !known.length;
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
  if (document.hidden) return;
  let content;
  try {
    const answer = await fetch(board.dataset.address, {
      cache: "no-store", redirect: "error", signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!answer.ok) throw new TypeError(`${answer.status}`);
    content = await answer.json();
  } catch {
    byId("live-late").hidden = false; // the next round tries again
    return;
  }
  byId("live-late").hidden = true;
  if (byId("live-alarm-words").textContent !== content.alarm) byId("live-alarm-words").textContent = content.alarm;
  byId("live-alarm").hidden = !content.alarm;
  byId("live-conflicts").hidden = !content.conflicts;
  byId("live-conflicts-count").textContent = content.conflicts;
  byId("live-at").textContent = content.at;
  for (const [name, value] of Object.entries(content.figures)) {
    document.getElementById(`live-${name}`).textContent = value;
  }
  for (const [name, rows] of Object.entries(content.tables)) fill(name, rows);
  draw(content.tables.quarter);
}

draw(rowsOf("quarter"));
setInterval(refresh, EVERY_MS);
