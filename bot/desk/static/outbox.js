// Messages on their way: kept in this browser until the desk has them, sent in order, each stored exactly once.
import { call } from "./call.js";
import { element, words } from "./element.js";
import { showUndo } from "./undo.js";

const LONGEST_PAUSE_S = 30;
const kept = new Map();

// The outbox of a conversation goes on sending while another conversation is on the page.
export function outboxOf(technician, conversation) {
  const prefix = `techref desk outbox ${technician} ${conversation} `;
  if (!kept.has(prefix)) kept.set(prefix, new Outbox(prefix, `conversations/${conversation}/messages`));
  return kept.get(prefix);
}

// What was written in other conversations and has not left yet leaves now.
export function sendWhatIsLeft(technician) {
  const start = `techref desk outbox ${technician} `;
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(start));
  for (const conversation of new Set(keys.map((key) => key.slice(start.length).split(" ")[0]))) outboxOf(technician, conversation).send();
}

class Outbox {
  constructor(prefix, address) {
    Object.assign(this, { prefix, address, delivered: () => {}, returned: () => {}, waiting: stored(prefix), sending: false, held: new Set() });
    Object.assign(this, { list: document.createElement("div"), log: document.createElement("div") });
    addEventListener("online", () => this.send());
    document.addEventListener("delayed-ended", ({ detail }) => this.ended(detail));
  }

  // Show what waits in the transcript that is on the page now; delivered(message) hears the stored message, returned(text,
  // files) what was undone.
  attach(delivered, returned) {
    Object.assign(this, { delivered, returned, list: document.getElementById("outbox"), log: document.getElementById("log") });
    this.show();
    this.send();
  }

  add(text, attachments) {
    this.keep({ client_message_id: crypto.randomUUID(), at: Date.now(), text, attachments, refused: null });
    this.log.scrollTop = this.log.scrollHeight;
    this.send();
  }

  // One at a time, in order. A passing failure holds back what follows; a refusal will not pass by waiting.
  async send() {
    clearTimeout(this.pause);
    const message = this.waiting.find((other) => !other.refused && !this.held.has(other.client_message_id));
    if (this.sending || !message) return;
    this.sending = true;
    try {
      const { client_message_id, text, attachments } = message;
      const files = attachments.map((file) => file.attachment_id);
      const sent = await call("POST", this.address, { client_message_id, text, attachments: files, delay: true });
      if (sent.delayed) this.hold(message, sent.delayed);
      else {
        this.drop(message);
        this.delivered(sent);
      }
    } catch (problem) {
      this.failed(message, problem);
      if (problem.passing || problem.status === 401) return;
    } finally {
      this.sending = false;
    }
    this.send();
  }

  // It can still be undone: it stays here until it is stored, or is given back.
  hold(message, action) {
    this.held.add(message.client_message_id);
    showUndo({ ...action, client_message_id: message.client_message_id });
  }

  // The stored message is in the transcript now.
  arrived(id) {
    const message = this.held.has(id) && this.waiting.find((other) => other.client_message_id === id);
    if (message) this.drop(message);
  }

  ended({ client_message_id: id, how, why }) {
    const message = this.waiting.find((other) => other.client_message_id === id);
    if (!message) return;
    this.held.delete(id);
    if (how === "dropped") this.keep({ ...message, refused: why });
    else if (how === "undone") {
      this.drop(message);
      this.returned(message.text, message.attachments);
    } else this.send(); // stored, and asked for in case its arrival was missed
  }

  failed(message, problem) {
    if (problem.passing) {
      this.tries = (this.tries ?? 0) + 1;
      const seconds = Math.max(problem.retryAfter, Math.min(LONGEST_PAUSE_S, 2 ** this.tries));
      this.pause = setTimeout(() => this.send(), seconds * 1000);
      this.show();
    } else if (problem.status !== 401) {
      // After signing in again the page sends it; anything else is the technician's to decide.
      this.keep({ ...message, refused: problem.message });
    }
  }

  // The server may hold the id of a refused message for another text: it is sent under a new one.
  retry(message) {
    this.drop(message);
    this.keep({ ...message, client_message_id: crypto.randomUUID(), refused: null });
    this.send();
  }

  keep(message) {
    localStorage.setItem(this.prefix + message.client_message_id, JSON.stringify(message));
    this.waiting = ordered([...this.without(message), message]);
    this.show();
  }

  drop(message) {
    localStorage.removeItem(this.prefix + message.client_message_id);
    this.tries = 0;
    this.waiting = this.without(message);
    this.show();
  }

  without(message) {
    return this.waiting.filter((other) => other.client_message_id !== message.client_message_id);
  }

  show() {
    this.list.replaceChildren(...this.waiting.map((message) => this.shown(message)));
  }

  shown(message) {
    const files = message.attachments.map((file) => element("p", { className: "by" }, file.name));
    const entry = element("article", { className: "entry technician pending" }, words(message.text), ...files);
    if (message.refused) {
      entry.classList.add("failed");
      entry.append(
        element("p", { className: "problem" }, message.refused.startsWith("Not sent") ? message.refused : `Not sent. ${message.refused}`),
        button("Retry", "plain", () => this.retry(message)),
        button("Discard", "quiet", () => this.drop(message)),
      );
    } else if (this.tries) {
      entry.append(
        element("p", { className: "by" }, "Not sent yet: it is kept here and tried again."),
        button("Retry now", "plain", () => this.send()),
      );
    } else entry.append(element("p", { className: "by" }, "Sending …"));
    return entry;
  }
}

// One key for each message: two tabs that share one list would overwrite each other's.
function stored(prefix) {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return ordered(keys.map((key) => JSON.parse(localStorage.getItem(key))));
}

function ordered(messages) {
  return messages.sort((one, other) => one.at - other.at);
}

function button(words, className, onclick) {
  return element("button", { type: "button", className, onclick }, words);
}
