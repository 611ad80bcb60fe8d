// What a page that reads badges cannot do without. The versions that have it: docs/guides.
const NEEDED = ["indexedDB", "Worker", "WebAssembly"];

/**
 * What lacks, [title, sentence] for the person; null when the page can work.
 * @param {any} browser
 * @returns {[string, string] | null}
 */
export function whatLacks(browser = globalThis) {
  if (!browser.isSecureContext || !browser.crypto?.subtle) {
    return ["Cette adresse n’est pas protégée", "Ouvrez le site par son adresse en https\u00a0: sinon, le navigateur refuse la caméra et la mémoire."];
  }
  if (NEEDED.every((name) => browser[name])) return null;
  return ["Ce navigateur est trop ancien", "Il ne sait ni lire un badge ni garder un passage\u00a0: mettez-le à jour, ou prenez un autre appareil."];
}
