// Reads QR codes with the camera. The decoding is done by a worker, whose address, and those of the
// reader and of its wasm, stand on the nearest element with data-worker, data-reader and data-wasm.
import { keepAwake } from "../page/awake.js";
import { closestTo } from "../page/elements.js";
import { chosenStream } from "./camera_choice.js";

const PAUSE_MS = 40;
const WAIT_MS = 60;
const MISSED_MS = 200;
const MUTED_MS = 1500; // a camera that another application had comes back by itself within that
const MOST_PROBLEMS = 20; // frames in a row that the worker could not even look at

// The camera of a page: `onCode(text)` is called for each code seen. `isBusy`: no frame is read meanwhile.
// `tell(words, isOpen)` is told one of `words`, or nothing once it is open: the browser gave no camera
// (refused), decoding cannot start (failed), the system took it and did not give it again (lost).
// `place`, where the button is, is hidden while the camera is open. `facing`: the side of the camera,
// unless another was chosen on this device. Asked again while it opens, it opens once.
/**
 * @param {{
 *   video: HTMLVideoElement,
 *   onCode: (text: string) => unknown,
 *   isBusy?: () => boolean,
 *   tell: (words: string, isOpen: boolean) => unknown,
 *   words?: { refused?: string, failed?: string, lost?: string },
 *   place?: HTMLElement | null,
 *   facing?: string,
 * }} page
 */
export function cameraOf({ video, onCode, isBusy, tell, words = {}, place = null, facing = "environment" }) {
  /** @type {Promise<void> | null} */
  let opening = null;
  /** @type {Awaited<ReturnType<typeof open>> | null} */
  let opened = null;

  function show(isOpen, said) {
    video.hidden = !isOpen;
    if (place) place.hidden = isOpen;
    tell(said, isOpen);
  }

  const end = (said = "") => {
    opened?.close();
    show(false, said);
  };

  async function start() {
    try {
      opened = await open(video, onCode, { isBusy, facing, onFailure: () => end(words.failed), onLost: () => end(words.lost) });
      show(true, "");
    } catch {
      tell(words.refused ?? "", false);
    }
  }

  return {
    open() {
      opening ??= start().finally(() => { opening = null; });
      return opening;
    },
    close: () => opened?.close(),
    // Another camera was chosen.
    change: () => opened?.change(),
    get id() { return opened?.id(); },
  };
}

// Rejects when the browser gives no camera. Answers the ways to close it, to change it and to name it.
/**
 * @param {HTMLVideoElement} video
 * @param {(text: string) => unknown} onCode
 * @param {{ isBusy?: () => boolean, facing: string, onFailure: () => void, onLost: () => void }} page
 */
async function open(video, onCode, { isBusy = () => false, facing, onFailure, onLost }) {
  const { worker: address = "", reader, wasm } = closestTo(video, "[data-worker]")?.dataset ?? {};
  const frameOf = frames(video);
  let isOpen = true;
  let problems = 0;
  let letSleep = () => {};
  /** @type {Worker | null} */
  let worker = null;
  function close() {
    isOpen = false;
    letSleep();
    worker?.terminate();
    source.stop();
  }
  const source = keepSource(video, facing, () => {
    const isOpened = worker !== null;
    close();
    if (isOpened) onLost();
  });
  await source.connect();
  if (!isOpen) throw new Error("The camera was lost while it opened.");
  letSleep = keepAwake();
  const decoder = new Worker(address, { type: "module" });
  worker = decoder;
  const next = async () => {
    if (!isOpen) return;
    if (isBusy() || document.hidden || video.readyState < 2) {
      setTimeout(next, WAIT_MS);
      return;
    }
    try {
      const { frame, moved } = await frameOf();
      decoder.postMessage({ frame }, moved);
    } catch {
      setTimeout(next, MISSED_MS); // a frame that cannot be taken is not the end of the loop
    }
  };
  decoder.onmessage = ({ data }) => {
    problems = data.problem ? problems + 1 : 0;
    if (data.failed || problems >= MOST_PROBLEMS) {
      onFailure();
      return;
    }
    if (data.text) onCode(data.text);
    setTimeout(next, PAUSE_MS);
  };
  decoder.onerror = onFailure;
  decoder.postMessage({ reader, wasm });
  return { close, change: source.change, id: source.id };
}

// The frames of a video for the worker, with what is moved to it. A browser without OffscreenCanvas
// (Safari before 16.4) draws them in the page.
/** @typedef {{ frame: ImageBitmap | ImageData, moved: Transferable[] }} Frame */
/**
 * @param {HTMLVideoElement} video
 * @returns {() => Promise<Frame> | Frame}
 */
function frames(video) {
  if (globalThis.OffscreenCanvas) {
    return async () => {
      const frame = await createImageBitmap(video);
      return { frame, moved: [frame] };
    };
  }
  const canvas = document.createElement("canvas");
  const drawing = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  return () => {
    const { videoWidth: width, videoHeight: height } = video;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    drawing.drawImage(video, 0, 0);
    return { frame: drawing.getImageData(0, 0, width, height), moved: [] };
  };
}

// The camera's stream in `video`, asked for again when the system ended or muted it: a call, another
// application, the screen that was locked. `onGone`: it was refused.
/**
 * @param {HTMLVideoElement} video
 * @param {string} facing
 * @param {() => void} onGone
 */
function keepSource(video, facing, onGone) {
  let isOn = true;
  let asking = false;
  const stream = () => /** @type {MediaStream | null} */ (video.srcObject);
  const trackNow = () => stream()?.getVideoTracks()[0];
  const stopTracks = () => stream()?.getTracks().forEach((track) => track.stop());
  const isLive = () => trackNow()?.readyState === "live" && !trackNow()?.muted;

  async function connect() {
    const given = await chosenStream(facing);
    stopTracks();
    video.srcObject = given;
    const [track] = given.getVideoTracks();
    track.addEventListener("ended", revive);
    track.addEventListener("mute", reviveLater);
    await video.play();
  }

  async function revive() {
    if (!isOn || document.hidden || asking || isLive()) return;
    asking = true;
    try {
      await connect();
      if (!isOn) stopTracks();
    } catch {
      if (isOn) onGone();
    }
    asking = false;
    if (isOn && trackNow()?.readyState === "ended") revive(); // ended again while it was asked for
  }

  function reviveLater() {
    setTimeout(revive, MUTED_MS);
  }

  function onVisible() {
    if (document.hidden || !isOn) return;
    video.play().catch(() => {});
    if (trackNow()?.readyState === "ended") revive();
    else reviveLater();
  }

  document.addEventListener("visibilitychange", onVisible);
  return {
    connect,
    id: () => trackNow()?.getSettings().deviceId,
    // Most telephones open one camera at a time.
    change() {
      stopTracks();
      revive();
    },
    stop() {
      isOn = false;
      document.removeEventListener("visibilitychange", onVisible);
      stopTracks();
      video.srcObject = null;
    },
  };
}
