// Claim, give back, transfer, resolve: shown when they are possible, done after the question that belongs to them.
import { call } from "./call.js";
import { chosen, open, whenSent } from "./dialogs.js";
import { say } from "./say.js";

export class Moves {
  // moved(state) hears how the conversation stands afterwards; hold() says whether something must be done first.
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
      return { [kind]: kind === "technician" ? Number(target) : target, note };
    });
    this.ask("resolve", () => ({}));
  }

  allow(state) {
    this.handOff = state.hand_off_id;
    this.owner = state.owner;
    this.buttons.claim.hidden = state.owner !== "queue";
    for (const move of ["return", "transfer", "resolve"]) this.buttons[move].hidden = !state.mine;
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
    whenSent(move, () => call("POST", `${this.address}/${move}`, body()), this.moved);
  }
}
