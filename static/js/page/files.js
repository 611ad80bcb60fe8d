// A file that the page made is given to the device: shared where the system can take it (a page on the
// home screen of iOS cannot download), else downloaded.
const KEPT_MS = 60_000;

/** @param {File} file */
export async function giveFile(file) {
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file], title: file.name });
      return;
    } catch (problem) {
      if (/** @type {Error} */ (problem).name === "AbortError") return; // the person closed it
    }
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
