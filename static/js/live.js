// Keeps the live page up to date; without this script the page is complete, and has a link.
const EVERY_MS = 5000;
const board = document.getElementById("live");
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
      else if (name !== "refusal") cell.className = "number";
      cell.textContent = value;
      row.append(cell);
    });
    return row;
  }));
}

function draw(rows) {
  const known = rows.filter((cells) => cells.length === 2);
  canvas.parentElement.hidden = !known.length;
  if (!known.length) return;
  const labels = known.map(([label]) => label);
  const data = known.map(([, count]) => Number(count));
  if (chart) {
    chart.data.labels = labels;
    chart.data.datasets[0].data = data;
    chart.update();
    return;
  }
  const colours = getComputedStyle(document.documentElement);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  chart = new Chart(canvas, {
    type: "bar",
    data: { labels, datasets: [{ data, maxBarThickness: 56, backgroundColor: colours.getPropertyValue("--mer").trim() }] },
    options: {
      animation: still ? false : { duration: 300 },
      maintainAspectRatio: false,
      plugins: { legend: { display: false } },
      scales: { y: { beginAtZero: true, ticks: { precision: 0 } } },
    },
  });
}

async function refresh() {
  if (document.hidden) return;
  let content;
  try {
    const answer = await fetch(board.dataset.address, { cache: "no-store", redirect: "error" });
    if (!answer.ok) return;
    content = await answer.json();
  } catch {
    return; // the next round tries again; the hour shown says how old the figures are
  }
  document.getElementById("live-at").textContent = content.at;
  for (const [name, value] of Object.entries(content.figures)) {
    document.getElementById(`live-${name}`).textContent = value;
  }
  for (const [name, rows] of Object.entries(content.tables)) fill(name, rows);
  draw(content.tables.quarter);
}

draw(rowsOf("quarter"));
setInterval(refresh, EVERY_MS);
