// Macros in a conversation: chosen from a list, read as they would be done, then applied.
import { call } from "./call.js";
import { open, whenSent } from "./dialogs.js";
import { element } from "./element.js";
import { say } from "./say.js";

export class Macros {
  // applied(state) hears how the conversation stands afterwards.
  constructor(conversation, applied) {
    Object.assign(this, { conversation, macros: [], chosen: null });
    this.form = document.querySelector("#dialog-macro form");
    this.select = document.getElementById("macro-which");
    this.select.addEventListener("change", () => this.preview());
    whenSent("macro", () => this.apply(), (state) => {
      say("Done.");
      applied(state);
    });
  }

  async open() {
    await open("macro");
    try {
      ({ macros: this.macros } = await call("GET", `macros?conversation=${encodeURIComponent(this.conversation)}`));
    } catch (problem) {
      return say(problem.message);
    }
    const options = this.macros.map(({ id, title }) => new Option(title, id));
    this.select.replaceChildren(new Option(options.length ? "Choose a macro" : "There are none yet", ""), ...options);
    this.preview();
    this.select.focus();
  }

  preview() {
    this.chosen = this.macros.find(({ id }) => String(id) === this.select.value) ?? null;
    this.id = crypto.randomUUID();
    const text = document.getElementById("macro-reply");
    document.getElementById("macro-preview").hidden = !this.chosen;
    text.value = this.chosen?.text ?? "";
    document.getElementById("macro-reply-part").hidden = !text.value;
    document.getElementById("macro-does").replaceChildren(...(this.chosen?.does ?? []).map((words) => element("li", {}, words)));
    this.form.querySelector(".main").disabled = !this.chosen;
  }

  apply() {
    const { value: text } = document.getElementById("macro-reply");
    return call("POST", `conversations/${this.conversation}/macros/${this.chosen.id}`, { client_message_id: this.id, text });
  }
}
