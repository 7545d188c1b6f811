// The transcript: messages and private notes in their order, each once; the assistant's part folds away.
import { moment } from "./clocks.js";
import { element, words } from "./element.js";

const log = document.getElementById("log");
const before = document.getElementById("before");
const early = document.getElementById("early");
const later = document.getElementById("later");
const NEAR_END_PX = 120;

export class Transcript {
  // files: the address under which they lie. remove(address, what) takes words or a file out, after a question.
  // explain(message) makes what tells why the assistant said it.
  constructor(files, customerName, remove, explain) {
    Object.assign(this, { files, customerName, remove, explain });
    this.last = 0;
    this.seen = new Set();
    this.technicianAt = Infinity; // the first message of a technician: from there on it is not the assistant's part
  }

  // Many at once: at the beginning, without being read out, and with the older part folded.
  begin(messages, notes) {
    log.ariaLive = "off";
    for (const message of messages) this.message(message);
    for (const note of notes) this.note(note);
    if (Number.isFinite(this.technicianAt)) before.open = false;
    log.scrollTop = log.scrollHeight;
    requestAnimationFrame(() => (log.ariaLive = "polite"));
  }

  message(message) {
    this.last = Math.max(this.last, message.seq);
    if (!this.isNew(`m${message.seq}`)) return false;
    if (message.author === "technician") this.technicianAt = Math.min(this.technicianAt, message.seq);
    if (message.author === "assistant") this.onlyAtTheLast(message);
    this.put(this.shown(message), message.seq, 0);
    return true;
  }

  // What one turn says has one moment, and is explained once.
  onlyAtTheLast(message) {
    const previous = this.entryOf(message.seq - 1);
    if (previous?.querySelector("time").dateTime === message.created_at) previous.querySelector(".why")?.remove();
  }

  // Words were taken out of a message that is shown already.
  updated(message) {
    const old = this.entryOf(message.seq);
    if (!old) return;
    const entry = this.shown(message);
    Object.assign(entry.dataset, { seq: message.seq, note: 0 });
    old.replaceWith(entry);
  }

  note(note) {
    if (!this.isNew(`n${note.note_id}`)) return false;
    const head = element("p", { className: "by" }, "Private note by ", element("b", {}, note.author_name), " ", time(note.created_at));
    this.put(element("article", { className: "entry note" }, head, words(note.text, note.content)), note.after_seq, note.note_id);
    return true;
  }

  isNew(key) {
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    return true;
  }

  shown(message) {
    const head = element("p", { className: "by" }, element("b", {}, this.nameOf(message)), " ", time(message.created_at));
    if (message.private) head.append(" ", element("span", { className: "mark" }, "in private"));
    if (["customer", "technician"].includes(message.author) && message.text) {
      const label = `Remove what ${this.nameOf(message)} wrote at ${moment(message.created_at)}`;
      head.append(" ", this.remover(`messages/${message.seq}/mask`, label));
    }
    const article = element("article", { className: `entry ${message.author}` }, head);
    if (message.text) article.append(words(message.text, message.content));
    for (const file of message.attachments) {
      article.append(this.file(file));
      if (file.size) article.append(this.remover(`attachments/${file.attachment_id}/remove`, `Remove the file ${file.name}`));
    }
    if (message.cards.length) article.append(cards(message.cards));
    if (message.choices.length) article.append(offered(message.choices));
    if (message.author === "assistant") article.append(this.explain(message));
    return article;
  }

  nameOf(message) {
    // The web knows its customer as "You"; in Slack and Teams several people may write in one conversation.
    return message.author === "customer" && message.author_name === "You" ? this.customerName : message.author_name;
  }

  file(file) {
    const href = `${this.files}/${file.attachment_id}`;
    const size = `${Math.max(1, Math.round(file.size / 1024))} kB`;
    const link = element("a", { className: "file", href, target: "_blank", rel: "noopener" });
    if (file.size && file.content_type.startsWith("image/")) {
      link.append(element("img", { src: href, alt: file.name, loading: "lazy" }));
    } else link.append(`${file.name} (${size})`);
    return link;
  }

  // A card number in words that were not recognised, or in a picture: for good, and written down who did it.
  remover(address, label) {
    const button = element("button", { type: "button", className: "quiet small remove", ariaLabel: label, title: label }, "Remove");
    button.addEventListener("click", () => this.remove(address, label));
    return button;
  }

  entryOf(seq) {
    return log.querySelector(`.entry[data-seq="${seq}"][data-note="0"]`);
  }

  put(entry, seq, noteId) {
    Object.assign(entry.dataset, { seq, note: noteId });
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
    const place = seq < this.technicianAt ? early : later;
    let next = place.lastElementChild;
    while (next && comesAfter(next, seq, noteId)) next = next.previousElementSibling;
    if (next) next.after(entry);
    else place.prepend(entry);
    before.hidden = early.childElementCount === 0;
    document.getElementById("before-count").textContent = `(${early.childElementCount})`;
    if (atEnd) log.scrollTop = log.scrollHeight;
  }
}

function comesAfter(entry, seq, noteId) {
  const other = Number(entry.dataset.seq);
  return other > seq || (other === seq && Number(entry.dataset.note) > noteId);
}

function time(iso) {
  return element("time", { dateTime: iso }, moment(iso));
}

function cards(list) {
  const items = list.map((card) =>
    element("li", {}, element("a", { href: card.url, target: "_blank", rel: "noopener noreferrer" }, card.title)),
  );
  return element("ul", { className: "links cards" }, ...items);
}

function offered(choices) {
  return element("p", { className: "offered" }, `Offered: ${choices.map((choice) => choice.title).join(" · ")}`);
}
