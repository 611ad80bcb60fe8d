// Reads QR codes with the camera. The decoding is done by a worker, whose address, and those of the
// reader and of its wasm, stand on the nearest element with data-worker, data-reader and data-wasm.
import { closestTo } from "../page/elements.js";

const PAUSE_MS = 40;
const WAIT_MS = 60;
const MISSED_MS = 200;
const MUTED_MS = 1500; // a camera that another application had comes back by itself within that
const WANTED = { video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false };

// The camera of a page: `onCode(text)` is called for each code seen. `isBusy`: no frame is read meanwhile.
// `tell(words, isOpen)` is told one of `words`, or nothing once it is open: the browser gave no camera
// (refused), decoding cannot start (failed), the system took it and did not give it again (lost).
// `place`, where the button is, is hidden while the camera is open. Asked again while it opens, it opens once.
/**
 * @param {{
 *   video: HTMLVideoElement,
 *   onCode: (text: string) => unknown,
 *   isBusy?: () => boolean,
 *   tell: (words: string, isOpen: boolean) => unknown,
 *   words?: { refused?: string, failed?: string, lost?: string },
 *   place?: HTMLElement | null,
 * }} page
 */
export function cameraOf({ video, onCode, isBusy, tell, words = {}, place = null }) {
  /** @type {Promise<void> | null} */
  let opening = null;
  let close = () => {};

  function show(isOpen, said) {
    video.hidden = !isOpen;
    if (place) place.hidden = isOpen;
    tell(said, isOpen);
  }

  const end = (said = "") => {
    close();
    show(false, said);
  };

  async function start() {
    try {
      close = await open(video, onCode, { isBusy, onFailure: () => end(words.failed), onLost: () => end(words.lost) });
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
    close: () => close(),
  };
}

// Rejects when the browser gives no camera. Answers a function that closes it.
/**
 * @param {HTMLVideoElement} video
 * @param {(text: string) => unknown} onCode
 * @param {{ isBusy?: () => boolean, onFailure: () => void, onLost: () => void }} page
 */
async function open(video, onCode, { isBusy = () => false, onFailure, onLost }) {
  const { worker: address = "", reader, wasm } = closestTo(video, "[data-worker]")?.dataset ?? {};
  let isOpen = true;
  let stopLight = () => {};
  /** @type {Worker | null} */
  let worker = null;
  function close() {
    isOpen = false;
    stopLight();
    worker?.terminate();
    source.stop();
  }
  const source = keepSource(video, () => {
    const isOpened = worker !== null;
    close();
    if (isOpened) onLost();
  });
  await source.connect();
  if (!isOpen) throw new Error("The camera was lost while it opened.");
  stopLight = keepLight();
  const decoder = new Worker(address, { type: "module" });
  worker = decoder;
  const next = async () => {
    if (!isOpen) return;
    if (isBusy() || document.hidden || video.readyState < 2) {
      setTimeout(next, WAIT_MS);
      return;
    }
    try {
      const bitmap = await createImageBitmap(video);
      decoder.postMessage({ bitmap }, [bitmap]);
    } catch {
      setTimeout(next, MISSED_MS); // a frame that cannot be taken is not the end of the loop
    }
  };
  decoder.onmessage = ({ data }) => {
    if (data.failed) {
      onFailure();
      return;
    }
    if (data.text) onCode(data.text);
    setTimeout(next, PAUSE_MS);
  };
  decoder.onerror = onFailure;
  decoder.postMessage({ reader, wasm });
  return close;
}

// The camera's stream in `video`, asked for again when the system ended or muted it: a call, another
// application, the screen that was locked. `onGone`: it was refused.
/**
 * @param {HTMLVideoElement} video
 * @param {() => void} onGone
 */
function keepSource(video, onGone) {
  let isOn = true;
  let asking = false;
  const stream = () => /** @type {MediaStream | null} */ (video.srcObject);
  const trackNow = () => stream()?.getVideoTracks()[0];
  const stopTracks = () => stream()?.getTracks().forEach((track) => track.stop());
  const isLive = () => trackNow()?.readyState === "live" && !trackNow()?.muted;

  async function connect() {
    const given = await navigator.mediaDevices.getUserMedia(WANTED);
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
    stop() {
      isOn = false;
      document.removeEventListener("visibilitychange", onVisible);
      stopTracks();
      video.srcObject = null;
    },
  };
}

// The screen stays on while the page is seen: the system takes the lock back whenever it is not.
// Answers a function that lets the screen go.
function keepLight() {
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  let isOn = true;
  const take = async () => {
    if (!isOn || document.hidden || !navigator.wakeLock || (lock && !lock.released)) return;
    lock = await navigator.wakeLock.request("screen").catch(() => null);
    if (!isOn) lock?.release();
    else lock?.addEventListener("release", take);
  };
  document.addEventListener("visibilitychange", take);
  take();
  return () => {
    isOn = false;
    document.removeEventListener("visibilitychange", take);
    lock?.release();
  };
}
