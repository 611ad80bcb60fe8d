// Waits for a proposed plan: the page opens again when it is computed.

const box = document.querySelector("[data-proposal]");
const EVERY_MS = 1500;

async function follow() {
  try {
    const answer = await fetch(box.dataset.proposal);
    if (answer.ok && (await answer.json()).status === "done") {
      location.reload();
      return;
    }
  } catch {
    // The network is away for a moment: the next turn asks again.
  }
  setTimeout(follow, EVERY_MS);
}

follow();
