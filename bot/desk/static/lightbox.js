// The files of a conversation over the page: pictures, logs and texts in monospace, PDF in the browser's own viewer.
// Arrow keys and buttons go on to the next, Esc closes.
import { element } from "./element.js";

const MOST_CHARACTERS = 200_000;

export class Lightbox {
  constructor() {
    this.dialog = document.getElementById("lightbox");
    [this.shown, this.place] = ["lightbox-shown", "lightbox-place"].map((id) => document.getElementById(id));
    this.byItself = this.dialog.querySelector("a[target]");
    this.download = this.dialog.querySelector("a[download]");
    this.steps = [...this.dialog.querySelectorAll("[data-step]")];
    for (const button of this.steps) button.addEventListener("click", () => this.move(Number(button.dataset.step)));
    this.dialog.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) this.move(step);
    });
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    // What was shown is let go of: a viewer goes on reading otherwise.
    this.dialog.addEventListener("close", () => this.shown.replaceChildren());
  }

  async look(link) {
    this.link = link;
    const { name, look } = link.dataset;
    this.dialog.setAttribute("aria-label", name);
    this.byItself.href = this.download.href = link.href;
    this.download.download = name;
    this.showPlace();
    if (!this.dialog.open) this.dialog.showModal();
    const shown = await SHOW[look](link.href, name);
    if (link === this.link && this.dialog.open) this.shown.replaceChildren(shown);
  }

  // The files beside the one that is shown: those of the transcript, or those of the strip.
  files() {
    return [...(this.link.closest("#entries, #facts") ?? document).querySelectorAll("[data-look]")];
  }

  showPlace() {
    const files = this.files();
    const at = files.indexOf(this.link);
    this.place.textContent = `${this.link.dataset.name}, ${at + 1} of ${files.length}`;
    for (const button of this.steps) button.disabled = !files[at + Number(button.dataset.step)];
  }

  move(step) {
    const files = this.files();
    const next = files[files.indexOf(this.link) + step];
    if (next) this.look(next);
  }
}

const SHOW = {
  picture: (src, alt) => element("img", { src, alt }),
  pdf: (src, title) => element("iframe", { src, title }),
  text: async (address) => element("pre", { tabIndex: 0 }, await textOf(address)),
};

// As much as somebody reads; of a log of megabytes no more than that is fetched.
async function textOf(address) {
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error();
    return await beginning(answer.body.pipeThrough(new TextDecoderStream()).getReader());
  } catch {
    return "The file cannot be shown now. Open it by itself, or try again.";
  }
}

async function beginning(reader) {
  let text = "";
  while (text.length <= MOST_CHARACTERS) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
  }
  await reader.cancel();
  return `${text.slice(0, MOST_CHARACTERS)}\n… The rest is not shown: download the file to read it.`;
}
