// The torch of the camera. Its button is there while the open camera has one.
/** @typedef {MediaTrackCapabilities & { torch?: boolean }} Capabilities */

/**
 * @param {HTMLVideoElement} video
 * @param {HTMLElement} button
 */
export function wireTorch(video, button) {
  let isLit = false;
  /** @type {MediaStreamTrack | undefined} */
  let litTrack;
  const trackNow = () => /** @type {MediaStream | null} */ (video.srcObject)?.getVideoTracks()[0];

  // A camera that the system gave back begins without its light.
  async function light() {
    const track = trackNow();
    const able = Boolean(/** @type {Capabilities | undefined} */ (track?.getCapabilities?.())?.torch);
    button.hidden = !able;
    button.setAttribute("aria-pressed", String(isLit));
    if (!track || !able || (litTrack === track) === isLit) return;
    litTrack = isLit ? track : undefined;
    try {
      await track.applyConstraints(/** @type {any} */ ({ advanced: [{ torch: isLit }] }));
    } catch {
      button.hidden = true; // it says that it has one, and has none
    }
  }

  for (const change of ["playing", "emptied"]) video.addEventListener(change, light);
  button.addEventListener("click", () => {
    isLit = !isLit;
    light();
  });
}
