// Reads QR codes with the camera. The decoding is done by a worker, whose address, and those of the
// reader and of its wasm, stand on the nearest element with data-worker, data-reader and data-wasm.
const PAUSE_MS = 40;
const WAIT_MS = 60;
const MISSED_MS = 200;

// Opens the camera in `video` and calls `onCode(text)` for each code seen. Rejects when the browser
// gives no camera. `isBusy`: no frame is read meanwhile; `onFailure`: decoding cannot start.
// Answers a function that closes it.
export async function openCamera(video, onCode, { isBusy = () => false, onFailure = () => {} } = {}) {
  const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  await video.play();
  if (navigator.wakeLock) navigator.wakeLock.request("screen").catch(() => {});
  const { worker: address, reader, wasm } = video.closest("[data-worker]").dataset;
  const worker = new Worker(address, { type: "module" });
  let open = true;
  const next = async () => {
    if (!open) return;
    if (isBusy() || document.hidden || video.readyState < 2) {
      setTimeout(next, WAIT_MS);
      return;
    }
    try {
      const bitmap = await createImageBitmap(video);
      worker.postMessage({ bitmap }, [bitmap]);
    } catch {
      setTimeout(next, MISSED_MS); // a frame that cannot be taken is not the end of the loop
    }
  };
  worker.onmessage = ({ data }) => {
    if (data.failed) {
      onFailure();
      return;
    }
    if (data.text) onCode(data.text);
    setTimeout(next, PAUSE_MS);
  };
  worker.onerror = onFailure;
  worker.postMessage({ reader, wasm });
  return () => {
    open = false;
    worker.terminate();
    video.srcObject?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
}
