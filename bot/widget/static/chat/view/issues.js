/** "My issues": what is logged, how it stands, and the way back into its conversation. */
import { focusable, h, icon } from "./dom.js";
import { fullDate } from "./format.js";
import { words } from "../i18n.js";

export class IssuesPanel {
  #list = h("div", { class: "issues-list" });
  #back = h("button", { type: "button", class: "issues-back", onclick: () => this.onClose() }, icon("back"), h("span", {}, words.issueList.back));

  #copy = h("button", { type: "button", class: "link-button", onclick: () => this.#mailCopy() }, words.issueList.mailCopy);
  #copySaid = h("p", { role: "status" });
  #mail = h("div", { class: "issues-mail", hidden: true }, this.#copy, this.#copySaid);

  /** `load()` fetches the issues; `mailCopy()` mails the conversation; `onOpen(conversation_id)` goes to one. */
  constructor({ load, mailCopy, onOpen, onClose }) {
    this.load = load;
    this.mailCopy = mailCopy;
    this.onOpen = onOpen;
    this.onClose = onClose;
    this.element = h("section", { class: "issues", role: "dialog", "aria-modal": "true", "aria-label": words.issueList.title, hidden: true, onkeydown: (event) => this.#keepFocus(event) },
      this.#back, h("h2", {}, words.issueList.title), this.#list, this.#mail);
  }

  async show(currentConversation, { mails = false } = {}) {
    this.element.hidden = false;
    this.#mail.hidden = !mails || !currentConversation;
    this.#copySaid.textContent = "";
    this.#back.focus();
    this.#list.replaceChildren(h("p", { role: "status" }, words.issueList.loading));
    try {
      const issues = await this.load();
      this.#list.replaceChildren(issues.length
        ? h("ul", {}, issues.map((issue) => this.#issue(issue, currentConversation)))
        : h("p", { role: "status" }, words.issueList.none));
    } catch (error) {
      this.#list.replaceChildren(h("p", { role: "alert" }, error.message, " "),
        h("button", { type: "button", class: "link-button", onclick: () => this.show(currentConversation, { mails }) }, words.retry));
    }
  }

  async #mailCopy() {
    this.#copy.disabled = true;
    try {
      const { email, sent } = await this.mailCopy();
      this.#copySaid.textContent = sent === "copy" ? words.issueList.mailed(email) : words.issueList.mailedLink(email);
    } catch (error) {
      this.#copySaid.textContent = error.message;
    } finally {
      this.#copy.disabled = false;
    }
  }

  hide() {
    this.element.hidden = true;
  }

  #issue(issue, currentConversation) {
    const here = issue.conversation_id === currentConversation;
    return h("li", {}, h("button", { type: "button", class: "issue", "aria-label": words.issueList.open(issue.reference), "aria-describedby": `issue-${issue.reference}`, onclick: () => this.onOpen(issue.conversation_id) },
      h("span", { class: "issue-top" }, h("span", { class: "reference-number" }, issue.reference), h("span", { class: "issue-status", "data-status": issue.status }, issue.status_text)),
      h("span", { id: `issue-${issue.reference}`, class: "issue-about" },
        h("span", { class: "issue-title", dir: "auto" }, issue.title),
        h("span", { class: "issue-date" }, words.issueList.logged(fullDate(new Date(issue.created_at))), here ? ` · ${words.issueList.current}` : ""))));
  }

  #keepFocus(event) {
    if (event.key !== "Tab") return;
    const stops = focusable(this.element);
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (document.activeElement !== from) return;
    event.preventDefault();
    to.focus();
  }
}
