// Follows a rota being made: tells how far it is, opens the page again when it is there.

const box = document.querySelector("[data-run]");
const EVERY_MS = 1000;
const STAGES = {
  cover: "Couvrir chaque stand",
  changes: "Changer le moins possible",
  soft: "Répartir au plus juste",
};

function put(name, text) {
  const place = box.querySelector(`[data-${name}]`);
  if (place.textContent !== text) place.textContent = text;
}

async function follow() {
  try {
    const answer = await fetch(box.dataset.run);
    if (answer.ok) {
      const { status, progress } = await answer.json();
      if (status !== "waiting" && status !== "running") {
        location.reload();
        return;
      }
      if (progress.stage) {
        put("stage", STAGES[progress.stage]);
        put("seconds", `${Math.round(progress.seconds)} s`);
        if (progress.missing !== null) put("missing", `${progress.missing}`);
        if (progress.cost !== null) put("cost", `${progress.cost}`);
      }
    }
  } catch {
    // The network is away for a moment: the next turn asks again.
  }
  setTimeout(follow, EVERY_MS);
}

follow();
