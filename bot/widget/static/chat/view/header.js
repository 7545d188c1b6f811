/** Who is answering, and the Tech Reference once there is one. */
import { h, icon, set, setText } from "./dom.js";
import { words } from "../i18n.js";

const COPIED_MS = 2_500;

export class Header {
  #name = h("h1", { class: "header-name", tabindex: "-1" });
  #detail = h("p", { class: "header-detail" });
  #avatar = h("span", { class: "avatar", "aria-hidden": "true" });
  #number = h("span", { class: "reference-number" });
  #copyWord = h("span", {}, words.copy);
  #copy = h("button", { type: "button", class: "reference-copy", onclick: () => this.#copyReference() }, icon("copy"), this.#copyWord);
  #reference = h("div", { class: "reference", hidden: true }, h("span", { class: "reference-label" }, words.reference), this.#number, this.#copy);
  #spoken = h("span", { class: "aside", role: "status" });
  #kind = "";
  #timer = 0;

  constructor({ onClose }) {
    this.close = h("button", { type: "button", class: "header-close", "aria-label": words.close, onclick: onClose }, icon("close"));
    const who = h("div", { class: "header-who", role: "status" }, this.#name, this.#detail);
    this.element = h("header", { class: "header" }, h("div", { class: "header-row" }, this.#avatar, who, this.close), this.#reference, this.#spoken);
  }

  focus() {
    this.#name.focus();
  }

  render(state) {
    const { name, detail, kind } = answering(state);
    setText(this.#name, name);
    setText(this.#detail, detail);
    const drawn = kind + name + (state.config?.logo ?? "");
    if (this.#kind !== drawn) {
      this.#kind = drawn;
      const logo = kind === "assistant" && state.config?.logo;
      set(this.#avatar, "class", logo ? "avatar avatar-logo" : "avatar");
      this.#avatar.replaceChildren(logo ? h("img", { src: logo, alt: "" }) : kind === "queue" ? icon("clock") : name.slice(0, 1));
    }
    const { reference } = state.conversation;
    this.#reference.hidden = !reference;
    setText(this.#number, reference ?? "");
    set(this.#copy, "aria-label", words.copyReference(reference ?? ""));
  }

  async #copyReference() {
    let said = words.copied;
    try {
      await navigator.clipboard.writeText(this.#number.textContent);
    } catch {
      // Clipboard closed to frames or to plain http: mark the number, so that the keyboard can copy it.
      getSelection().selectAllChildren(this.#number);
      said = words.copyByHand;
    }
    setText(this.#copyWord, said === words.copied ? words.copied : words.copy);
    setText(this.#spoken, said);
    set(this.#spoken, "class", said === words.copied ? "aside" : "reference-hint");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      setText(this.#copyWord, words.copy);
      setText(this.#spoken, "");
      set(this.#spoken, "class", "aside");
    }, COPIED_MS);
  }
}

/** Whose turn it is to answer, in words. */
function answering({ conversation, config }) {
  const assistant = config?.assistant_name ?? words.assistant;
  const who = conversation.owner_name;
  switch (conversation.owner) {
    case "queue":
      return { name: words.answering.waiting, detail: words.answering.meanwhile(place(conversation)), kind: "queue" };
    case "technician":
      return { name: who ?? words.answering.technician, detail: words.answering.technician, kind: "technician" };
    case "closed":
      return { name: assistant, detail: words.answering.closed, kind: "closed" };
    default:
      return { name: assistant, detail: words.answering.assistant, kind: "assistant" };
  }
}

/** The place in the queue, once it depends on nothing that was asked. */
export function place({ queue_position: position, position_settled: settled }) {
  if (!settled) return words.answering.placeOpen;
  return position ? words.answering.place(position) : words.answering.placeUnknown;
}
