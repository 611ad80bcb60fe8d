// An application saves by itself, counts the characters left, and gives its link to copy.
import { byId, dataOf, offerCopy, partOf, partsOf } from "../page/elements.js";
import { request } from "../page/requests.js";

const QUIET_MS = 1500;
const SEEN_MS = 4000;
const ANSWER_MS = 60_000; // a logo of 2 MB on a slow line
const REFUSED = {
  409: "Pas enregistré\u00a0: cette candidature a été modifiée ailleurs, ou ne se modifie plus. «\u00a0Continuer\u00a0» vous le montrera.",
  413: "Pas enregistré\u00a0: ce fichier dépasse 2 Mo.",
  429: "Pas enregistré pour l’instant\u00a0: nous réessayons dans une minute.",
};
const AWAY = "Pas enregistré\u00a0: la connexion est coupée. Vos réponses restent à l’écran, nous réessayons.";

class Autosave {
  constructor(form, status) {
    this.form = form;
    this.status = status;
    this.timer = 0;
    this.saving = null;
    this.stopped = false;
    this.pending = false;
    this.fading = 0;
    form.addEventListener("input", () => this.wait(QUIET_MS));
    form.addEventListener("change", () => this.wait(QUIET_MS));
    form.addEventListener("submit", (event) => this.finish(event));
    addEventListener("online", () => this.pending && this.wait(0));
    // Another application comes forward, or the page is left: what is typed goes at once.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.pending) this.leave();
    });
  }

  wait(delay) {
    if (this.stopped) return;
    this.pending = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  leave() {
    clearTimeout(this.timer);
    this.save();
  }

  async save() {
    if (this.saving) {
      this.wait(QUIET_MS);
      return;
    }
    this.pending = false;
    this.saving = this.send();
    await this.saving;
    this.saving = null;
  }

  async send() {
    const said = new FormData(this.form);
    const logo = this.form.elements.logo;
    const withLogo = Boolean(logo?.files.length);
    if (!withLogo) said.delete("logo");
    said.set("action", "autosave");
    try {
      const answer = await request(location.href, {
        patience: ANSWER_MS,
        method: "POST",
        body: said,
        keepalive: !withLogo,
        headers: { Accept: "application/json" },
      });
      if (withLogo && answer.status !== 429) logo.value = "";
      if (!answer.ok) {
        await this.refuse(answer);
        return;
      }
      const { version, message } = await answer.json();
      this.form.elements.version.value = version;
      if (withLogo) showLogo(version);
      this.say(message, false);
    } catch {
      this.say(AWAY, true);
      this.wait(10_000);
    }
  }

  async refuse(answer) {
    const { status } = answer;
    if (status === 429) this.wait(60_000);
    else if (![400, 413].includes(status)) this.stopped = true;
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const said = status === 400 && isJson ? (await answer.json()).message : REFUSED[status];
    this.say(said ?? "Pas enregistré\u00a0: «\u00a0Continuer\u00a0» vous dira pourquoi.", true);
  }

  // Whoever goes on waits for the save that is under way: it carries the next version.
  async finish(event) {
    clearTimeout(this.timer);
    this.pending = false;
    if (!this.saving) return;
    event.preventDefault();
    await this.saving;
    clearTimeout(this.timer);
    this.form.requestSubmit(event.submitter);
  }

  say(text, wrong) {
    this.status.textContent = text;
    this.status.classList.toggle("autosave--wrong", wrong);
    this.status.classList.add("autosave--fresh");
    clearTimeout(this.fading);
    const fade = () => this.status.classList.remove("autosave--fresh");
    if (!wrong) this.fading = setTimeout(fade, SEEN_MS);
  }
}

// The logo that was just saved, as the catalogue will show it.
function showLogo(version) {
  const place = partOf(document, "[data-logo]");
  const image = document.createElement("img");
  image.src = `${place.dataset.logo}?v=${version}`;
  image.alt = "Votre logo actuel";
  place.replaceChildren(image);
  place.hidden = false;
  partOf(document, "[data-logo-remove]").hidden = false;
}

function countCharacters(line) {
  const area = byId(dataOf(line).count, HTMLTextAreaElement);
  const left = partOf(line, "[data-left]");
  const follow = () => {
    left.textContent = String(area.maxLength - area.value.length);
  };
  area.addEventListener("input", follow);
  line.hidden = false;
  follow();
}

for (const box of partsOf(document, "[data-autosave]")) {
  const form = partOf(box, "form", HTMLFormElement);
  new Autosave(form, partOf(form, "[data-autosave-status]"));
}
for (const line of partsOf(document, "[data-count]")) countCharacters(line);
for (const box of partsOf(document, "[data-copy]")) offerCopy(box);
