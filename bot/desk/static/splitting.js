// Two problems in one conversation are split, and two issues of one customer merged and unmerged.
import { call } from "./call.js";
import { open, whenSent } from "./dialogs.js";
import { element } from "./element.js";
import { say } from "./say.js";

const MOST = 12;
const SHOWN_CHARACTERS = 90;

export class Splitting {
  // messages() are the customer's messages that are in the transcript, each {seq, text}. changed() is called afterwards.
  constructor(messages, changed, signal) {
    Object.assign(this, { messages, changed, pair: null });
    this.problem = document.getElementById("split-problem");
    document.getElementById("split-messages").addEventListener("change", () => this.take());
    whenSent("split", (form) => this.split(form), ({ reference }) => this.done(`${reference} is an issue of its own.`));
    whenSent("merge", () => call("POST", `issues/${this.pair[0]}/link`, { other: this.pair[1], kind: "duplicate" }), () => this.done(`${this.pair[0]} is merged into ${this.pair[1]}.`));
    document.addEventListener("click", (event) => this.clicked(event), { signal });
  }

  begin() {
    const boxes = this.messages().slice(-MOST).reverse().map(({ seq, text }) => {
      const box = element("input", { type: "checkbox", value: seq });
      box.dataset.text = text;
      return element("label", {}, box, ` ${text.slice(0, SHOWN_CHARACTERS)}`);
    });
    document.getElementById("split-messages").replaceChildren(...boxes);
    open("split");
  }

  get ticked() {
    return [...document.querySelectorAll("#split-messages input:checked")].reverse();
  }

  take() {
    this.problem.value = this.ticked.map((box) => box.dataset.text).join("\n");
  }

  split(form) {
    const seqs = this.ticked.map((box) => Number(box.value));
    return call("POST", `issues/${form.dataset.reference}/split`, { problem: this.problem.value, seqs });
  }

  clicked(event) {
    const button = event.target.closest("[data-merge], [data-unmerge]");
    if (!button) return;
    const { merge, unmerge, reference } = button.dataset;
    if (unmerge) return this.unmerge(reference, unmerge);
    this.pair = [merge, reference];
    document.getElementById("dialog-merge").dataset.fresh = `issues/${merge}/link/${reference}?kind=duplicate`;
    open("merge");
  }

  async unmerge(reference, other) {
    if (!confirm(`Take the link of ${reference} and ${other} back? Each is worked on by itself again.`)) return;
    try {
      await call("POST", `issues/${reference}/unlink`, { other });
      this.done("The link is taken back.");
    } catch (problem) {
      say(problem.message);
    }
  }

  done(words) {
    say(words);
    this.changed();
  }
}
