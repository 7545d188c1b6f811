// Colleagues' names behind an @ in a private note, offered while somebody types.
import { call } from "./call.js";
import { element } from "./element.js";
import { say } from "./say.js";

const BEGUN = /(?:^|[^\p{L}\p{N}])@([\p{L}\p{N}]*)$/u;
const MOST = 6;

export class Mentioning {
  // isNote() says whether a private note is written; put(typed, words) puts words in the place of what was typed.
  constructor(text, isNote, put) {
    Object.assign(this, { text, isNote, put, colleagues: null, chosen: 0 });
    this.list = document.getElementById("mention-list");
    text.addEventListener("input", () => this.offer());
    text.addEventListener("blur", () => this.close());
    text.addEventListener("keydown", (event) => this.key(event), { capture: true });
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the field keeps the keyboard
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  get options() {
    return [...this.list.children];
  }

  async offer() {
    const begun = this.isNote() && BEGUN.exec(this.text.value.slice(0, this.text.selectionStart));
    if (!begun) return this.close();
    const names = await this.names();
    this.typed = begun[1];
    const wanted = this.typed.toLowerCase();
    const fitting = names.filter((name) => name.toLowerCase().split(/\s+/).some((word) => word.startsWith(wanted)));
    this.list.replaceChildren(...fitting.slice(0, MOST).map((name) => element("li", { role: "option", className: "option" }, name)));
    this.list.hidden = fitting.length === 0;
    this.choose(0);
  }

  async names() {
    if (this.colleagues) return this.colleagues;
    try {
      const { technicians } = await call("GET", "colleagues");
      this.colleagues = technicians.map(({ name }) => name);
    } catch (problem) {
      say(problem.message);
      return [];
    }
    return this.colleagues;
  }

  choose(place) {
    const { options } = this;
    this.chosen = Math.max(0, Math.min(place, options.length - 1));
    options.forEach((option, at) => {
      option.id = `mention-${at}`;
      option.ariaSelected = String(at === this.chosen);
    });
    if (this.list.hidden) this.text.removeAttribute("aria-activedescendant");
    else this.text.setAttribute("aria-activedescendant", `mention-${this.chosen}`);
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.choose(this.chosen + step);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.options[this.chosen]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  take(option) {
    this.close();
    this.put(this.typed, `${option.textContent} `);
  }

  close() {
    this.list.hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }
}
