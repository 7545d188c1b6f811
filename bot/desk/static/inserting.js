// Canned replies and passages of the manual, put into the message where the cursor is.
import { call } from "./call.js";
import { open } from "./dialogs.js";
import { element } from "./element.js";

const find = document.getElementById("canned-find");
const search = document.getElementById("manual-search");

export class Inserting {
  // insert(text) puts it into the message.
  constructor(conversation, insert) {
    Object.assign(this, { conversation, insert, replies: [] });
    find.addEventListener("input", () => this.showReplies());
    for (const opener of document.querySelectorAll("[data-open=canned]")) opener.addEventListener("click", () => this.load());
    search.addEventListener("submit", (event) => {
      event.preventDefault();
      this.passages(document.getElementById("manual-find").value);
    });
  }

  canned() {
    open("canned");
    this.load();
  }

  manual() {
    open("manual");
  }

  async load() {
    await into("canned-list", async () => {
      this.replies = (await call("GET", `canned?conversation=${encodeURIComponent(this.conversation)}`)).replies;
      return this.chosen();
    });
  }

  showReplies() {
    document.getElementById("canned-list").replaceChildren(...this.chosen());
  }

  chosen() {
    const wanted = find.value.toLowerCase();
    const fitting = this.replies.filter(({ title, text }) => `${title} ${text}`.toLowerCase().includes(wanted));
    if (fitting.length === 0) return [element("li", { className: "soft" }, "None fits.")];
    return fitting.map((reply) => this.offer("canned", reply.title, reply.text, reply.text));
  }

  async passages(words) {
    if (!words.trim()) return;
    await into("manual-list", async () => {
      const { passages } = await call("GET", `manual?q=${encodeURIComponent(words)}`);
      if (passages.length === 0) return [element("li", { className: "soft" }, "The manual has nothing on that.")];
      return passages.map((passage) => this.offer("manual", passage.title, passage.excerpt, passage.insert));
    });
  }

  offer(dialog, title, shown, text) {
    const onclick = () => {
      document.getElementById(`dialog-${dialog}`).close();
      this.insert(text);
    };
    const button = element("button", { type: "button", className: "plain", onclick }, element("b", {}, title), element("span", {}, shown));
    return element("li", {}, button);
  }
}

async function into(id, bring) {
  const list = document.getElementById(id);
  try {
    list.replaceChildren(...(await bring()));
  } catch (problem) {
    list.replaceChildren(element("li", { className: "problem" }, problem.message));
  }
}
