// The page of a device that is no station: why, and the code that makes it one, in this browser and no
// other. A page on the home screen of iOS has a memory of its own, and no address bar.
import { byId } from "../page/elements.js";
import { cameraOf } from "../station/camera.js";
import { enrolmentCode } from "../station/codes.js";
import { openEnrolment, wireEnrolment } from "../station/enrolment.js";
import { listenToReader } from "../station/typed.js";

const TITLE = "Cet appareil n’est pas encore une station";
const WHY = "Visez le code que montre l’organisation («\u00a0Stations\u00a0»), ou tapez-le.";

export function sayNone(title = "", why = "") {
  byId("not-enrolled-title").textContent = title || TITLE;
  byId("not-enrolled-why").textContent = why || WHY;
}

let isOffered = false;

// A code that is typed, aimed at or read by a reader; `isStation()`: the device is one.
/** @param {() => boolean} isStation */
export function offerEnrolment(isStation) {
  if (isOffered) return;
  isOffered = true;
  const [panel, video] = [byId("not-enrolled"), byId("camera", HTMLVideoElement)];
  const tell = (words) => { byId("enrol-problem").textContent = words; };
  const take = async (text) => tell(await openEnrolment(text));
  const camera = cameraOf({
    video,
    place: panel,
    onCode(text) {
      if (!enrolmentCode(text)) return;
      camera.close();
      video.hidden = true;
      panel.hidden = false;
      take(text);
    },
    tell,
    words: {
      refused: "La caméra ne s’ouvre pas\u00a0: tapez le code.",
      failed: "La caméra ne lit pas\u00a0: tapez le code.",
      lost: "La caméra s’est arrêtée\u00a0: visez de nouveau.",
    },
  });
  wireEnrolment(byId("enrol", HTMLFormElement));
  byId("aim").addEventListener("click", camera.open);
  listenToReader(take, { isOff: () => isStation() || document.activeElement?.matches("input") });
}
