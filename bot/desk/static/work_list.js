// The list beside the work: kept up to date, what is folded stays so, and the row that is open is marked.
import { call, fragment } from "./call.js";
import { localise } from "./clocks.js";
import { focusedRow } from "./keys.js";
import { say } from "./say.js";

const AGES_EVERY_MS = 60_000; // what was in time may be late by now
const FOLDED = "techref desk folded";

export class WorkList {
  // go(address) opens what was claimed; query() is the part of the address that says whose work is shown.
  constructor(rows, go, query) {
    Object.assign(this, { rows, go, query, current: null });
    rows.addEventListener("click", (event) => {
      const button = event.target.closest("[data-claim]");
      if (button) this.claim(button);
    });
    rows.addEventListener("toggle", (event) => this.keepFolded(event.target), true);
    // A row that is replaced between press and release would swallow the click.
    rows.addEventListener("pointerdown", () => (this.pressed = true));
    for (const released of ["pointerup", "pointercancel"]) addEventListener(released, () => setTimeout(() => this.release()));
    setInterval(() => document.hidden || this.refresh(), AGES_EVERY_MS);
    this.fold();
    localise(rows);
  }

  async refresh() {
    if (this.asking) return (this.again = true);
    this.asking = true;
    try {
      this.show(await fragment(`queue${this.query()}`));
    } catch (problem) {
      if (problem.status !== 401) say(problem.message, "list");
    } finally {
      this.asking = false;
    }
    if (!this.again) return;
    this.again = false;
    await this.refresh();
  }

  release() {
    this.pressed = false;
    if (this.held) this.show(this.held);
  }

  show(fresh) {
    this.held = this.pressed ? fresh : null;
    if (this.pressed) return;
    const key = this.rows.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const top = this.rows.scrollTop;
    this.rows.innerHTML = fresh;
    this.fold();
    localise(this.rows);
    this.mark(this.current);
    this.rows.scrollTop = top;
    if (key) this.rows.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  }

  // Mark the row of the conversation that is open.
  mark(conversation) {
    this.current = conversation;
    for (const row of this.rows.querySelectorAll(".case")) {
      const isCurrent = row.dataset.conversation === conversation;
      row.classList.toggle("current", isCurrent);
      const link = row.querySelector(".title");
      if (isCurrent) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  fold() {
    const folded = new Set(JSON.parse(localStorage.getItem(FOLDED) ?? "[]"));
    for (const section of this.rows.querySelectorAll("details")) section.open = !folded.has(section.id);
  }

  keepFolded(section) {
    const folded = new Set(JSON.parse(localStorage.getItem(FOLDED) ?? "[]"));
    if (section.open) folded.delete(section.id);
    else folded.add(section.id);
    localStorage.setItem(FOLDED, JSON.stringify([...folded]));
  }

  claimable() {
    return focusedRow()?.querySelector("[data-claim]") ?? null;
  }

  async claim(button) {
    button.disabled = true;
    try {
      const { conversation_id } = await call("POST", `handoffs/${button.dataset.claim}/claim`, {});
      this.go(`/desk/conversations/${conversation_id}`);
    } catch (problem) {
      say(problem.message);
      await this.refresh();
    }
  }

  // The address of what is next: my turn first, then the queue; step walks through the list as it stands.
  next(step = 0) {
    const links = [...this.rows.querySelectorAll(".case .title")];
    const at = links.findIndex((link) => link.ariaCurrent === "true");
    if (step) return links[at < 0 ? 0 : at + step]?.href ?? null;
    const others = this.rows.querySelectorAll(":is(.turn, .for_me, .queue) .case:not(.current) .title");
    return others[0]?.href ?? null;
  }
}
