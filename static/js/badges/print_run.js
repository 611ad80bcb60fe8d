// Follows a print run: the gauge moves, and the page opens again when the file is ready.
import { follow } from "../page/requests.js";

const box = document.querySelector("[data-print-run]");

follow(box.dataset.printRun, 1000, ({ status, done, total }) => {
  const gauge = box.querySelector("progress");
  gauge.max = total || 1;
  gauge.value = done;
  box.querySelector("strong").textContent = `${done} sur ${total}`;
  return status === "done" || status === "failed";
});
