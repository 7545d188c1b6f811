// Claim, give back, transfer, resolve: shown when they are possible, done after the question that belongs to them.
import { call } from "./call.js";
import { chosen, FieldProblem, open, whenSent } from "./dialogs.js";
import { element } from "./element.js";
import { offer } from "./keys.js";
import { say } from "./say.js";
import { showUndo } from "./undo.js";

const KEYS = { claim: ["Claim it", "c"], transfer: ["Transfer it", "a"], return: ["Give it back to the assistant", "b"], resolve: ["Resolve it", "x"] };

export class Moves {
  // moved(state, move) hears how the conversation stands afterwards; hold() says whether something must be done first.
  constructor(address, moved, hold) {
    Object.assign(this, { address, moved, hold, handOff: null, owner: "" });
    this.buttons = Object.fromEntries(
      [...document.querySelectorAll("[data-move]")].map((button) => [button.dataset.move, button]),
    );
    this.buttons.claim.addEventListener("click", () => this.claim());
    this.ask("return", () => ({ note: document.getElementById("return-note").value }));
    this.ask("transfer", () => {
      const [kind, target] = chosen("transfer-to", "Choose a team or a colleague.").split(":");
      const note = document.getElementById("transfer-note").value;
      return { [kind]: kind === "technician" ? Number(target) : target, note, delay: true };
    });
    this.ask("resolve", () => ({ references: this.solved(), delay: true }));
  }

  allow(state) {
    this.handOff = state.hand_off_id;
    this.owner = state.owner;
    this.buttons.claim.hidden = state.owner !== "queue";
    for (const move of ["return", "transfer", "resolve"]) this.buttons[move].hidden = !state.mine;
    this.reference = state.reference;
    this.show(state.together);
  }

  // Several issues are given back and passed on together; each is resolved by itself.
  show(issues) {
    const which = document.getElementById("resolve-issues");
    const shown = issues.map((issue) => issue.reference).join();
    // What is ticked in an open dialog stays, unless the issues are others.
    if (shown === which.dataset.shownFor) return;
    which.dataset.shownFor = shown;
    which.hidden = issues.length === 0;
    which.querySelector("div").replaceChildren(
      ...issues.map((issue, place) => {
        const box = element("input", { type: "checkbox", value: issue.reference, defaultChecked: place === 0 });
        return element("label", {}, box, ` ${issue.reference} ${issue.title}`);
      }),
    );
    for (const note of document.querySelectorAll("[data-together]")) {
      note.hidden = issues.length === 0;
      note.textContent = `${issues.map((issue) => issue.reference).join(", ")} go together.`;
    }
  }

  solved() {
    const which = document.getElementById("resolve-issues");
    if (which.hidden) return [this.reference];
    const ticked = [...which.querySelectorAll("input:checked")].map((box) => box.value);
    if (ticked.length === 0) throw new FieldProblem(which.id, "Tick what is solved.");
    return ticked;
  }

  // Each move for the keyboard and the command bar; returns what takes them away again.
  offer(group) {
    return Object.entries(KEYS).map(([move, [words, key]]) =>
      offer(words, key, () => this.buttons[move].click(), { group, available: () => !this.buttons[move].hidden }),
    );
  }

  async claim() {
    if (this.owner !== "queue") return;
    this.buttons.claim.disabled = true;
    try {
      await call("POST", `handoffs/${this.handOff}/claim`, {});
      this.moved(await call("GET", `${this.address}/messages?after_seq=999999999`));
      say("The conversation is yours.");
      document.querySelector("[role=tab][data-part=talk]").click();
    } catch (problem) {
      say(problem.message);
    } finally {
      this.buttons.claim.disabled = false;
    }
  }

  ask(move, body) {
    this.buttons[move].addEventListener("click", () => {
      if (!this.hold()) open(move);
    });
    whenSent(move, () => call("POST", `${this.address}/${move}`, body()), (state) => {
      showUndo(state.delayed);
      this.moved(state, move);
    });
  }
}
