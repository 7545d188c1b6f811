// Canned replies and passages of the manual, put into the message where the cursor is.
import { call } from "./call.js";
import { open } from "./dialogs.js";
import { element } from "./element.js";

export class Inserting {
  // insert(text) puts it into the message.
  constructor(conversation, insert) {
    Object.assign(this, { conversation, insert, replies: [] });
    this.find = document.getElementById("canned-find");
    this.find.addEventListener("input", () => this.showReplies());
    for (const list of ["canned", "manual"]) document.getElementById(`dialog-${list}`).addEventListener("keydown", chooseByArrows);
    const search = document.getElementById("manual-search");
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
    const wanted = this.find.value.toLowerCase();
    const fitting = this.replies.filter(({ title, text }) => `${title} ${text}`.toLowerCase().includes(wanted));
    if (fitting.length === 0) {
      const words = this.replies.length ? "None fits." : "There are none yet.";
      return [element("li", { className: "soft" }, words)];
    }
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

// From the field the arrows go into the list, and Enter takes the first.
function chooseByArrows(event) {
  const choices = [...event.currentTarget.querySelectorAll(".choose button")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const at = choices.indexOf(document.activeElement);
  if (event.key === "Enter" && at < 0 && event.target.id === "canned-find" && choices.length) {
    event.preventDefault();
    choices[0].click();
  } else if (step && choices.length) {
    event.preventDefault();
    (choices[at + step] ?? event.currentTarget.querySelector("input")).focus();
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
