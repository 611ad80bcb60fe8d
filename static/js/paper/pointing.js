// The hour of what is typed back, a quarter of an hour at a time.
import { byId, closestTo, partOf } from "../page/elements.js";

const QUARTERS = partOf(document, ".pointing__quarters");
const HOUR = byId("hour", HTMLInputElement);
const DAY_MINUTES = 24 * 60;

QUARTERS.hidden = false;
QUARTERS.addEventListener("click", (event) => {
  const step = Number(closestTo(event.target, "[data-minutes]")?.dataset.minutes);
  const [hours, minutes] = HOUR.value.split(":").map(Number);
  if (!step || Number.isNaN(minutes)) return;
  const moved = (hours * 60 + minutes + step + DAY_MINUTES) % DAY_MINUTES;
  const padded = (number) => String(number).padStart(2, "0");
  HOUR.value = `${padded(Math.floor(moved / 60))}:${padded(moved % 60)}`;
});
