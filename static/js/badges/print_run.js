// Follows a print run: the gauge moves, and the page opens again when the file is ready.

const box = document.querySelector("[data-print-run]");
const EVERY_MS = 1000;

async function follow() {
  try {
    const answer = await fetch(box.dataset.printRun);
    if (answer.ok) {
      const { status, done, total } = await answer.json();
      if (status === "done" || status === "failed") {
        location.reload();
        return;
      }
      const gauge = box.querySelector("progress");
      gauge.max = total || 1;
      gauge.value = done;
      box.querySelector("strong").textContent = `${done} sur ${total}`;
    }
  } catch {
    // The network is away for a moment: the next turn asks again.
  }
  setTimeout(follow, EVERY_MS);
}

follow();
