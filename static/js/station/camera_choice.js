// Which camera a device uses: the one that was chosen on it, else the one on a side.
import { partOf } from "../page/elements.js";

const CHOICE = "camera";
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };
const GONE = ["OverconstrainedError", "NotFoundError"]; // the camera that was chosen is there no more

const streamOf = (video) => navigator.mediaDevices.getUserMedia({ video: { ...video, ...SIZE }, audio: false });

/** @param {string} facing "environment", away from who holds the device, or "user" */
export async function chosenStream(facing) {
  const id = localStorage.getItem(CHOICE);
  if (!id) return streamOf({ facingMode: facing });
  try {
    return await streamOf({ deviceId: { exact: id } });
  } catch (problem) {
    if (!GONE.includes(/** @type {Error} */ (problem).name)) throw problem;
    return streamOf({ facingMode: facing });
  }
}

// Offers in `box` the cameras of a device that has several. The browser names them once one has opened.
/**
 * @param {HTMLElement} box
 * @param {{ change: () => unknown, id: string | undefined }} camera
 */
export async function offerCameras(box, camera) {
  const devices = await navigator.mediaDevices?.enumerateDevices() ?? [];
  const cameras = devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId);
  box.hidden = cameras.length < 2;
  const list = partOf(box, "select", HTMLSelectElement);
  list.replaceChildren(...cameras.map(({ label, deviceId }, at) => new Option(label || `Caméra ${at + 1}`, deviceId)));
  const current = camera.id ?? localStorage.getItem(CHOICE);
  if (cameras.some(({ deviceId }) => deviceId === current)) list.value = /** @type {string} */ (current);
  list.onchange = () => {
    localStorage.setItem(CHOICE, list.value);
    camera.change();
  };
}
