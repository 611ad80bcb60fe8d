// The torch and the zoom of the camera. The button of each is there while the open camera has it.

// What a feature is while its button is up, and pressed; nothing for a camera without it. Of a zoom, a
// range of the camera: twice as near.
function statesOf(feature) {
  if (feature === true) return [false, true];
  return feature?.max > feature?.min ? [feature.min, Math.min(2 * feature.min, feature.max)] : null;
}

/**
 * @param {HTMLVideoElement} video
 * @param {Record<string, HTMLElement>} buttons by the name of their feature, "torch" or "zoom"
 */
export function wireLens(video, buttons) {
  const pressed = new Set();
  /** @type {MediaStreamTrack | undefined} */
  let setTrack;
  const trackNow = () => /** @type {MediaStream | null} */ (video.srcObject)?.getVideoTracks()[0];

  // A camera that the system gave back begins with nothing pressed. All features are said at once:
  // those that are left out of constraints are given up.
  async function apply(changed = "") {
    const track = trackNow();
    const able = track?.getCapabilities?.() ?? {};
    const states = {};
    for (const [name, button] of Object.entries(buttons)) {
      const both = statesOf(able[name]);
      button.hidden = !both;
      button.setAttribute("aria-pressed", String(pressed.has(name)));
      if (both && (pressed.has(name) || name === changed)) states[name] = both[Number(pressed.has(name))];
    }
    if (!track || (track === setTrack && !changed) || !Object.keys(states).length) return;
    setTrack = track;
    try {
      await track.applyConstraints(/** @type {any} */ ({ advanced: [states] }));
    } catch {
      for (const name of Object.keys(states)) buttons[name].hidden = true; // it says that it has it, and has not
    }
  }

  for (const change of ["playing", "emptied"]) video.addEventListener(change, () => apply());
  for (const [name, button] of Object.entries(buttons)) {
    button.addEventListener("click", () => {
      if (!pressed.delete(name)) pressed.add(name);
      apply(name);
    });
  }
}
