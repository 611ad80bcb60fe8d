// Decodes QR codes away from the page. In: {reader, wasm} once, then {frame}, a picture or its points.
// Out: {text} or null, with the {problem} that a frame met.
/** @type {any} */
let reader = null;
/** @type {OffscreenCanvas | null} */
let canvas = null;

async function prepare({ reader: address, wasm }) {
  reader = await import(address);
  await reader.prepareZXingModule({
    overrides: { locateFile: (path, prefix) => (path.endsWith(".wasm") ? wasm : prefix + path) },
    fireImmediately: true,
  });
}

async function decode(frame) {
  const options = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };
  const found = await reader.readBarcodes(frame instanceof ImageData ? frame : pointsOf(frame), options);
  return found.length && found[0].isValid ? found[0].text : null;
}

function pointsOf(bitmap) {
  const { width, height } = bitmap;
  if (!canvas || canvas.width !== width || canvas.height !== height) {
    canvas = new OffscreenCanvas(width, height);
  }
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

self.onmessage = async ({ data }) => {
  try {
    if (data.frame) {
      self.postMessage({ text: await decode(data.frame) });
    } else {
      await prepare(data);
      self.postMessage({ ready: true });
    }
  } catch (error) {
    self.postMessage({ text: null, failed: !data.frame, problem: String(error) });
  }
};
