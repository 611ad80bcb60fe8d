// Follows a rota being made: tells how far it is, opens the page again when it is there.
import { setText } from "../page/elements.js";
import { follow } from "../page/requests.js";

const box = document.querySelector("[data-run]");
const STAGES = {
  cover: "Couvrir chaque stand",
  changes: "Changer le moins possible",
  soft: "Répartir au plus juste",
};
const put = (name, text) => setText(box.querySelector(`[data-${name}]`), text);

follow(box.dataset.run, 1000, ({ status, progress }) => {
  if (status !== "waiting" && status !== "running") return true;
  if (progress.stage) {
    put("stage", STAGES[progress.stage]);
    put("seconds", `${Math.round(progress.seconds)} s`);
    if (progress.missing !== null) put("missing", `${progress.missing}`);
    if (progress.cost !== null) put("cost", `${progress.cost}`);
  }
  return false;
});
