// A button with a menu of further actions: arrow keys move in it; Esc, a choice and a click elsewhere close it.

export class Menu {
  constructor(button, list, ended) {
    Object.assign(this, { button, list });
    button.addEventListener("click", () => this.toggle(list.hidden));
    list.addEventListener("click", () => this.toggle(false));
    list.addEventListener("keydown", (event) => this.move(event));
    addEventListener("click", (event) => !button.contains(event.target) && !list.contains(event.target) && this.toggle(false), { signal: ended });
    addEventListener("keydown", (event) => event.key === "Escape" && !list.hidden && this.leave(event), { signal: ended, capture: true });
  }

  get choices() {
    return [...this.list.querySelectorAll("button:not([hidden])")];
  }

  // Hidden when there is nothing to choose.
  allow() {
    this.button.hidden = this.choices.length === 0;
  }

  toggle(open) {
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.choices[0]?.focus();
  }

  leave(event) {
    event.stopPropagation();
    this.toggle(false);
    this.button.focus();
  }

  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const { choices } = this;
    const at = choices.indexOf(document.activeElement);
    choices[(at + step + choices.length) % choices.length].focus();
  }
}
