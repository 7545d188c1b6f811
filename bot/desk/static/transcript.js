// The transcript: messages and private notes in their order, each once. The newest are shown first, earlier ones when
// somebody scrolls up; what one person writes in a row stands together, and each day has a line.
import { dayOf, moment, timeOf } from "./clocks.js";
import { element, words } from "./element.js";
import { logLines } from "./log_lines.js";

const NEAR_END_PX = 120;
const TOGETHER_MS = 5 * 60_000;
// What can be shown over the page, by its content type.
const LOOKS = { "application/pdf": "pdf", "text/plain": "text" };

export class Transcript {
  // files: the address under which they lie. remove(address, what) takes words or a file out, after a question.
  // explain(message) makes what tells why the assistant said it. earlier(seq) brings the messages before it.
  constructor({ files, customerName, remove, explain, earlier }) {
    Object.assign(this, { files, customerName, remove, explain, earlier });
    this.log = document.getElementById("log");
    this.entries = document.getElementById("entries");
    this.more = document.getElementById("earlier");
    this.below = document.getElementById("new-below");
    this.first = Infinity;
    this.last = 0;
    this.seen = new Set();
    this.heldNotes = [];
    this.unseen = 0;
    this.beginning = true;
    this.more.querySelector("button").addEventListener("click", () => this.bringEarlier());
    this.log.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.below.addEventListener("click", () => this.toEnd());
  }

  // The newest messages, without being read out.
  begin(messages, notes) {
    this.log.ariaLive = "off";
    for (const message of messages) this.message(message);
    if (messages.length === 0) this.first = 0;
    for (const note of notes) this.note(note);
    this.more.hidden = !this.hasEarlier;
    this.toEnd();
    this.beginning = false;
    requestAnimationFrame(() => (this.log.ariaLive = "polite"));
  }

  get hasEarlier() {
    return this.first > 1 && Number.isFinite(this.first);
  }

  scrolled() {
    if (this.atEnd()) this.showBelow(0);
    if (this.log.scrollTop < NEAR_END_PX && this.hasEarlier) this.bringEarlier();
  }

  async bringEarlier() {
    if (this.bringing || !this.hasEarlier) return;
    this.bringing = true;
    try {
      const messages = await this.earlier(this.first);
      this.log.ariaLive = "off";
      const { scrollHeight: height, scrollTop: top } = this.log;
      for (const message of messages.reverse()) this.message(message);
      if (messages.length === 0) this.first = 0;
      for (const note of this.heldNotes.splice(0)) this.note(note);
      this.more.hidden = !this.hasEarlier;
      this.log.scrollTop = top + this.log.scrollHeight - height;
      requestAnimationFrame(() => (this.log.ariaLive = "polite"));
    } finally {
      this.bringing = false;
    }
  }

  message(message) {
    if (!this.isNew(`m${message.seq}`)) return false;
    this.first = Math.min(this.first, message.seq);
    this.last = Math.max(this.last, message.seq);
    const explained = message.author !== "assistant" || this.isLastOfTurn(message);
    this.put(this.shown(message, explained), { seq: message.seq, note: 0 });
    return true;
  }

  // The customer's messages that are shown, in their order.
  customers() {
    return [...this.entries.querySelectorAll(".entry.customer")].map((entry) => ({
      seq: Number(entry.dataset.seq),
      text: entry.querySelector(".words")?.innerText.trim() ?? "",
    })).filter(({ text }) => text);
  }

  // What one turn says has one moment, and is explained once, below the last.
  isLastOfTurn(message) {
    const sameTurn = (entry) => entry?.matches(".assistant") && entry.dataset.at === message.created_at;
    const previous = this.entryOf(message.seq - 1);
    if (sameTurn(previous)) previous.querySelector(".why")?.remove();
    return !sameTurn(this.entryOf(message.seq + 1));
  }

  // Words were taken out of a message that is shown already.
  updated(message) {
    const old = this.entryOf(message.seq);
    if (!old) return;
    const entry = this.shown(message, old.querySelector(".why") !== null);
    Object.assign(entry.dataset, { seq: message.seq, note: 0 });
    old.replaceWith(entry);
    this.dress(entry);
  }

  note(note) {
    if (this.first > note.after_seq && this.hasEarlier) {
      if (!this.heldNotes.some((held) => held.note_id === note.note_id)) this.heldNotes.push(note);
      return false;
    }
    if (!this.isNew(`n${note.note_id}`)) return false;
    const head = element("p", { className: "by" }, "Private note by ", element("b", {}, note.author_name), " ", time(note.created_at));
    const said = { at: note.created_at, speaker: `note ${note.author_name}` };
    this.put(element("article", { className: "entry note", dataset: said }, head, words(note.text, note.content)), { seq: note.after_seq, note: note.note_id });
    return true;
  }

  isNew(key) {
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    return true;
  }

  shown(message, explained) {
    const name = this.nameOf(message);
    const head = element("p", { className: "by" }, element("b", {}, name), " ", time(message.created_at));
    if (message.private) head.append(" ", element("span", { className: "mark" }, "in private"));
    const speaker = `${message.author} ${name} ${message.private ? "in private" : ""}`;
    const article = element("article", { className: `entry ${message.author}`, dataset: { at: message.created_at, speaker } }, head);
    if (message.text) article.append(this.textOf(message));
    for (const file of message.attachments) article.append(this.tile(file));
    if (message.cards.length) article.append(cards(message.cards));
    if (message.choices.length) article.append(offered(message.choices));
    if (["customer", "technician"].includes(message.author) && message.text) article.append(this.actions(message, name));
    if (message.author === "assistant" && explained) article.append(this.explain(message));
    return article;
  }

  textOf(message) {
    const log = message.author === "customer" && !message.content && logLines(message.text);
    if (!log) return words(message.text, message.content);
    const parts = log.map(({ isLog, text }) => element(isLog ? "pre" : "p", {}, text));
    return element("div", { className: "words", dir: "auto" }, ...parts);
  }

  nameOf(message) {
    // The web knows its customer as "You"; in Slack and Teams several people may write in one conversation.
    return message.author === "customer" && message.author_name === "You" ? this.customerName : message.author_name;
  }

  // A card number in words that were not recognised, or in a picture, is removed for good, and it is written down who
  // did it.
  actions(message, name) {
    const label = `Remove what ${name} wrote at ${moment(message.created_at)}`;
    return element("p", { className: "actions" }, this.remover(`messages/${message.seq}/mask`, label));
  }

  tile(file) {
    const tile = element("div", { className: "tile" }, this.file(file));
    if (file.size) tile.append(this.remover(`attachments/${file.attachment_id}/remove`, `Remove the file ${file.name}`));
    return tile;
  }

  file(file) {
    const href = `${this.files}/${file.attachment_id}`;
    const size = `${Math.max(1, Math.round(file.size / 1024))} kB`;
    const link = element("a", { className: "file", href, target: "_blank", rel: "noopener" });
    const look = file.size ? lookOf(file.content_type) : null;
    if (look === "picture") link.append(element("img", { src: href, alt: file.name, loading: "lazy" }));
    else link.append(`${file.name} (${size})`);
    if (look) Object.assign(link.dataset, { look, name: file.name });
    return link;
  }

  remover(address, label) {
    const button = element("button", { type: "button", className: "quiet small remove", ariaLabel: label, title: label }, "Remove");
    button.addEventListener("click", () => this.remove(address, label));
    return button;
  }

  entryOf(seq) {
    return this.entries.querySelector(`.entry[data-seq="${seq}"][data-note="0"]`);
  }

  put(entry, { seq, note }) {
    Object.assign(entry.dataset, { seq, note });
    const wasAtEnd = this.atEnd();
    const place = this.placeBefore(seq, note);
    if (place) place.after(entry);
    else this.entries.prepend(entry);
    this.dress(entry);
    const next = entryAfter(entry);
    if (next) this.dress(next);
    if (this.beginning || this.bringing) return;
    if (wasAtEnd) this.toEnd();
    else if (!next) this.showBelow(this.unseen + 1);
  }

  // The entry that it comes after; null when it is the first.
  placeBefore(seq, note) {
    const first = this.entries.querySelector(".entry");
    if (!first || comesAfter(first, seq, note)) return null;
    let place = this.entries.lastElementChild;
    while (place && (!place.matches(".entry") || comesAfter(place, seq, note))) place = place.previousElementSibling;
    return place;
  }

  // A new day has a line above; the same person within minutes needs no second heading.
  dress(entry) {
    const previous = entryBefore(entry);
    const day = dayOf(entry.dataset.at);
    const newDay = !previous || dayOf(previous.dataset.at) !== day;
    if (entry.previousElementSibling?.matches(".day")) entry.previousElementSibling.remove();
    if (newDay) entry.before(element("p", { className: "day" }, element("span", {}, day)));
    const joined = !newDay && previous.dataset.speaker === entry.dataset.speaker && new Date(entry.dataset.at) - new Date(previous.dataset.at) < TOGETHER_MS;
    entry.classList.toggle("joined", joined);
  }

  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END_PX;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.showBelow(0);
  }

  showBelow(number) {
    this.unseen = number;
    this.below.hidden = number === 0;
    this.below.textContent = number === 1 ? "1 new message below" : `${number} new messages below`;
  }
}

function lookOf(contentType) {
  return contentType.startsWith("image/") ? "picture" : (LOOKS[contentType] ?? null);
}

function entryBefore(entry) {
  let other = entry.previousElementSibling;
  while (other && !other.matches(".entry")) other = other.previousElementSibling;
  return other;
}

function entryAfter(entry) {
  let other = entry.nextElementSibling;
  while (other && !other.matches(".entry")) other = other.nextElementSibling;
  return other;
}

function comesAfter(entry, seq, note) {
  const other = Number(entry.dataset.seq);
  return other > seq || (other === seq && Number(entry.dataset.note) > note);
}

function time(iso) {
  return element("time", { dateTime: iso, title: moment(iso) }, timeOf(iso));
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
