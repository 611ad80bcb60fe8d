// Keeps the token that the page hands over, once, then opens the page of that kind of station.
import { byId } from "../page/elements.js";
import { keepStation } from "../station/station.js";

const { token, id, kind, name, door, next } = byId("enrolled").dataset;
try {
  await keepStation(token, { id: Number(id), kind, name, door });
  location.replace(next ?? "");
} catch {
  byId("not-kept").textContent = "Ce navigateur ne peut rien garder (mémoire pleine ou navigation privée)\u00a0: libérez de la place, ou prenez un autre navigateur, puis redemandez un code à l’organisation.";
}
