// Messages on their way: kept in this browser until the desk has them, sent in order, each exactly once.
import { call } from "./call.js";
import { element, words } from "./element.js";

const TRIES = 6;
const list = document.getElementById("outbox");

export class Outbox {
  // delivered(message) hears the stored message.
  constructor(conversation, delivered) {
    this.key = `techref desk outbox ${conversation}`;
    this.address = `conversations/${conversation}/messages`;
    this.delivered = delivered;
    this.waiting = JSON.parse(localStorage.getItem(this.key) ?? "[]");
    this.sending = false;
    addEventListener("online", () => this.send());
    this.show();
    this.send();
  }

  add(text, attachments) {
    this.waiting.push({ client_message_id: crypto.randomUUID(), text, attachments, tries: 0, problem: null });
    this.keep();
    this.send();
  }

  // In order, one at a time; a message that was refused lets the later ones wait for the technician's word.
  async send() {
    if (this.sending || !this.waiting.length || this.waiting[0].problem) return;
    this.sending = true;
    const message = this.waiting[0];
    const { client_message_id, text, attachments } = message;
    try {
      const stored = await call("POST", this.address, {
        client_message_id,
        text,
        attachments: attachments.map((file) => file.attachment_id),
      });
      this.drop(message);
      this.delivered(stored);
    } catch (problem) {
      this.failed(message, problem);
    } finally {
      this.sending = false;
    }
    if (this.waiting[0] && !this.waiting[0].problem && !this.waiting[0].pause) this.send();
  }

  failed(message, problem) {
    message.tries += 1;
    if (problem.passing && message.tries < TRIES) {
      const seconds = Math.max(problem.retryAfter, 2 ** message.tries);
      message.pause = true;
      setTimeout(() => {
        delete message.pause;
        this.send();
      }, seconds * 1000);
    } else message.problem = problem.message;
    this.keep();
  }

  retry(message) {
    Object.assign(message, { problem: null, tries: 0 });
    delete message.pause;
    this.keep();
    this.send();
  }

  drop(message) {
    this.waiting = this.waiting.filter((other) => other !== message);
    this.keep();
  }

  keep() {
    if (this.waiting.length) localStorage.setItem(this.key, JSON.stringify(this.waiting));
    else localStorage.removeItem(this.key);
    this.show();
  }

  show() {
    list.replaceChildren(...this.waiting.map((message) => this.shown(message)));
    const log = document.getElementById("log");
    if (this.waiting.length) log.scrollTop = log.scrollHeight;
  }

  shown(message) {
    const files = message.attachments.map((file) => element("p", { className: "by" }, file.name));
    const entry = element("article", { className: "entry technician pending" }, words(message.text), ...files);
    if (!message.problem) {
      entry.append(element("p", { className: "by" }, message.tries ? "Not sent yet: trying again …" : "Sending …"));
      return entry;
    }
    entry.classList.add("failed");
    entry.append(
      element("p", { className: "problem" }, `Not sent. ${message.problem}`),
      element("button", { type: "button", className: "plain", onclick: () => this.retry(message) }, "Retry"),
      element("button", { type: "button", className: "quiet", onclick: () => this.drop(message) }, "Discard"),
    );
    return entry;
  }
}
