// Pictures and texts of the transcript, shown over the page: arrow keys go on to the next, Esc closes.
import { element } from "./element.js";

const LONGEST = 200_000;

export class Lightbox {
  constructor() {
    this.dialog = document.getElementById("lightbox");
    this.picture = this.dialog.querySelector("img");
    this.dialog.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) this.move(step);
    });
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  async look(link) {
    this.shown = link;
    const isPicture = link.dataset.look === "picture";
    this.dialog.querySelector("pre")?.remove();
    this.dialog.setAttribute("aria-label", link.dataset.name);
    this.dialog.querySelector("a").href = link.href;
    this.picture.hidden = !isPicture;
    if (isPicture) Object.assign(this.picture, { src: link.href, alt: link.dataset.name });
    else this.picture.after(element("pre", { tabIndex: 0 }, await textOf(link.href)));
    if (!this.dialog.open) this.dialog.showModal();
  }

  move(step) {
    const all = [...document.querySelectorAll("#entries [data-look]")];
    const next = all[all.indexOf(this.shown) + step];
    if (next) this.look(next);
  }
}

async function textOf(address) {
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error();
    const text = await answer.text();
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}\n…` : text;
  } catch {
    return "The file cannot be shown now. Open it by itself, or try again.";
  }
}
