// On the phone with the customer, and "I will reply by …".
import { call } from "./call.js";
import { moment, open, whenSent } from "./dialogs.js";
import { say } from "./say.js";

export class Phone {
  // moved(state) hears how the conversation stands afterwards.
  constructor(address, moved) {
    Object.assign(this, { address, moved, began: null });
    this.buttons = Object.fromEntries(
      [...document.querySelectorAll("[data-phone]")].map((button) => [button.dataset.phone, button]),
    );
    this.buttons.call.addEventListener("click", () => this.call());
    this.buttons.end.addEventListener("click", () => this.ask());
    this.buttons.promise.addEventListener("click", () => open("promise"));
    whenSent("end", () => this.end(), (state) => moved(state));
    whenSent("promise", () => call("POST", `${address}/promise`, { until: moment("promise-until") }), (state) => moved(state));
    document.getElementById("dialog-end").addEventListener("opened", () => this.propose());
  }

  allow(state) {
    this.began = state.call_began;
    this.buttons.call.hidden = !state.mine || this.began !== null;
    this.buttons.end.hidden = !state.mine || this.began === null;
    this.buttons.promise.hidden = !state.mine;
  }

  // A customer in writing is told; the number beside it is a link for those whose computer is their telephone.
  async call() {
    try {
      this.moved(await call("POST", `${this.address}/call`, {}));
      const number = document.querySelector(".glance .phone a")?.textContent ?? "the customer";
      const reads = document.getElementById("talk").dataset.way !== "phone";
      say(reads ? `Call ${number}: the customer reads that you do.` : `Call ${number}: the minutes are counted.`);
    } catch (problem) {
      say(problem.message);
    }
  }

  // Only minutes that somebody confirmed are drawn from what a customer paid: the call ends before the conversation does.
  holds() {
    if (!this.began) return false;
    this.ask();
    return true;
  }

  ask() {
    open("end");
  }

  propose() {
    const minutes = Math.max(1, Math.ceil((Date.now() - new Date(this.began)) / 60_000));
    document.getElementById("end-minutes").value = minutes;
  }

  end() {
    const written = document.getElementById("end-minutes").value;
    return call("POST", `${this.address}/call/end`, written === "" ? {} : { minutes: Number(written) });
  }
}
