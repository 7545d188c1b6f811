// Search as you type. Without this script the form goes to the search page all the same.
import { tell } from "./tell.js";

const MANUAL = document.documentElement.dataset.manual;
const PAUSE = 160; // milliseconds without a key before we ask
const SHORTEST = 2; // characters worth asking about
const MEANT = 4; // characters that are a question rather than a beginning

class SearchBox {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input");
    this.list = form.querySelector(".suggestions");
    this.status = form.querySelector("[role=status]");
    this.options = [];
    this.chosen = -1;
    this.timer = 0;
    this.asking = null;
    this.answered = ""; // the question that the list answers, until it is told

    const aria = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(aria)) this.input.setAttribute(name, value);
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Sections found");

    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.options.length && this.open());
    form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || (this.left(), this.close()));
    form.addEventListener("submit", () => {
      this.forget();
      this.answered = ""; // the search page records it
    });
    addEventListener("pagehide", () => this.left());
    // Keep the focus in the field while an option is pressed, or the list would close before the click.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  later() {
    this.forget();
    if (this.input.value.trim().length < SHORTEST) return this.show(null);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  forget() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = null;
  }

  async ask() {
    const asking = new AbortController();
    this.asking = asking;
    try {
      const question = this.input.value.trim();
      const response = await fetch(`${MANUAL}/search.json?q=${encodeURIComponent(question)}`, {
        signal: asking.signal,
      });
      const answer = await response.json();
      if (asking.signal.aborted) return;
      this.answered = response.ok && question.length >= MEANT ? question : "";
      if (response.ok) this.show(answer.hits);
      else this.say(answer.error.message);
    } catch (error) {
      if (error.name !== "AbortError") this.say("The search could not be reached. Press Enter to try again.");
    }
  }

  // The reader turns away from what the list answered: that is the question as it was meant.
  left() {
    if (this.answered) tell({ question: this.answered });
    this.answered = "";
  }

  openHit(place) {
    tell({ question: this.input.value.trim(), place });
    this.answered = "";
    location.assign(this.options[place].dataset.url);
  }

  show(hits) {
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.options = (hits ?? []).map((hit, place) => this.option(hit, place));
    this.list.replaceChildren(...this.options);
    if (hits === null) {
      this.status.textContent = "";
      return this.close();
    }
    if (!hits.length) return this.say("Nothing found yet. Try other words.");
    this.status.textContent = hits.length === 1 ? "1 section found" : `${hits.length} sections found`;
    return this.open();
  }

  say(sentence) {
    const line = document.createElement("li");
    line.className = "nothing";
    line.setAttribute("role", "presentation");
    line.textContent = sentence;
    this.options = [];
    this.list.replaceChildren(line);
    this.status.textContent = sentence;
    this.open();
  }

  option(hit, place) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${place}`;
    item.dataset.url = hit.url;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const title = document.createElement("strong");
    title.textContent = hit.title;
    if (hit.heading) {
      const heading = document.createElement("span");
      heading.textContent = ` – ${hit.heading}`;
      title.append(heading);
    }
    const excerpt = document.createElement("small");
    excerpt.textContent = hit.excerpt;
    item.append(title, excerpt);
    item.addEventListener("click", () => this.openHit(place));
    return item;
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.step(event, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.chosen >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.openHit(this.chosen);
    }
  }

  step(event, direction) {
    if (!this.options.length) return;
    event.preventDefault();
    if (this.list.hidden) this.open();
    // One place more than there are options: between the last and the first the field itself is chosen.
    const places = this.options.length + 1;
    this.chosen = ((this.chosen + 1 + direction + places) % places) - 1;
    this.options.forEach((item, place) => item.setAttribute("aria-selected", String(place === this.chosen)));
    const chosen = this.options[this.chosen];
    if (!chosen) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", String(this.options.length > 0));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }
}

for (const form of document.querySelectorAll("[data-search]")) new SearchBox(form);
