/** Always in view: a person, the telephone, the customer's issues, a new one. */
import { h, icon, set, setText } from "./dom.js";
import { words } from "../i18n.js";

export class Toolbar {
  #phone = h("span", {}, words.call);
  #call = h("a", { class: "tool", hidden: true }, icon("phone"), this.#phone);

  constructor({ onPerson, onIssues, onNew }) {
    this.issues = tool("issues", words.issues, onIssues);
    this.element = h("nav", { class: "toolbar", "aria-label": words.toolbar },
      tool("person", words.person, onPerson), this.#call, this.issues, tool("plus", words.newIssue, onNew));
  }

  render({ config }) {
    if (!config?.phone) return;
    this.#call.hidden = false;
    set(this.#call, "href", config.phone_href);
    set(this.#call, "aria-label", words.callNumber(config.phone));
    setText(this.#phone, config.phone);
  }
}

function tool(drawing, label, onclick) {
  return h("button", { type: "button", class: "tool", onclick }, icon(drawing), h("span", {}, label));
}
