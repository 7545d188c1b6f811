/** The log of messages. Elements are kept by key, so that a change draws, and a screen reader reads, only what is new. */
import { h, icon } from "./dom.js";
import { dayKey, dayName } from "./format.js";
import { messageView, unsentView } from "./message.js";
import { openChoices, timeline } from "../store.js";
import { words } from "../i18n.js";

const TOGETHER_MS = 3 * 60_000;
const NEAR_END_PX = 80;

export class MessageList {
  #drawn = new Map();
  #list = h("div", { class: "log-messages" });
  #loading = h("p", { class: "log-loading" }, words.loading);
  #choices = h("div", { class: "choices log-choices", role: "group", "aria-label": words.choices });
  #typing = h("p", { class: "typing", hidden: true });
  #jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() }, icon("down"), h("span", {}, words.newMessages));
  #choicesKey = "";
  #lastKey = null;
  #conversation = null;

  constructor({ welcome, actions, fetchFile, onChoice, onFocusLost }) {
    this.actions = actions;
    this.fetchFile = fetchFile;
    this.onChoice = onChoice;
    this.onFocusLost = onFocusLost;
    this.log = h("div", { class: "log", role: "log", "aria-label": words.conversation, "aria-live": "polite", tabindex: "0", onscroll: () => this.#scrolled() },
      welcome, this.#loading, this.#list, this.#choices, this.#typing);
    this.element = h("div", { class: "log-frame" }, this.log, this.#jump);
    new ResizeObserver(() => this.#stuck && this.toEnd()).observe(this.log);
    // Pictures arrive later than the message they belong to.
    this.#list.addEventListener("load", () => this.#stuck && this.toEnd(), true);
  }

  #stuck = true;

  render(state) {
    if (this.#conversation !== state.conversation.id) {
      // The first message creates its conversation: that is no change of scene.
      if (this.#conversation !== null) this.#lastKey = null;
      this.#conversation = state.conversation.id;
      this.#stuck = true;
    }
    // A restored conversation is history: it is shown, not read aloud from its beginning.
    this.log.setAttribute("aria-live", state.restored ? "polite" : "off");
    this.#loading.hidden = state.restored;
    const items = this.#items(state);
    this.#draw(items);
    this.#drawChoices(openChoices(state));
    this.#drawTyping(state.typing);
    this.#follow(items);
  }

  toEnd() {
    this.#stuck = true;
    this.#jump.hidden = true;
    this.log.scrollTop = this.log.scrollHeight;
  }

  #items(state) {
    const { messages, unsent } = timeline(state);
    const items = [];
    let before = null;
    for (const item of [...messages, ...unsent]) {
      const author = item.author ?? "customer";
      const date = new Date(item.created_at);
      const sameDay = before && dayKey(before.date) === dayKey(date);
      if (!sameDay) items.push({ key: `day.${dayKey(date)}`, kind: "day", date, signature: dayName(date) });
      const follows = Boolean(sameDay && before.author === author && before.name === item.author_name && date - before.date < TOGETHER_MS);
      const id = item.seq === undefined ? item.id : item.client_message_id;
      const kind = item.seq === undefined ? "unsent" : "message";
      items.push({ key: id ?? `seq.${item.seq}`, kind, item, follows, author, signature: JSON.stringify([kind, item, follows]) });
      before = { author, date, name: item.author_name };
    }
    return items;
  }

  #draw(items) {
    const kept = new Set(items.map(({ key }) => key));
    for (const [key, { element }] of this.#drawn) {
      if (kept.has(key)) continue;
      this.#removing(element);
      element.remove();
      this.#drawn.delete(key);
    }
    let place = this.#list.firstChild;
    for (const item of items) {
      const old = this.#drawn.get(item.key);
      const element = old?.signature === item.signature ? old.element : this.#element(item);
      if (old && old.element !== element) {
        this.#removing(old.element);
        if (place === old.element) place = old.element.nextSibling;
        old.element.replaceWith(element);
      } else if (element !== place) this.#list.insertBefore(element, place);
      if (element === place) place = place.nextSibling;
      this.#drawn.set(item.key, { element, signature: item.signature });
    }
  }

  #element({ kind, item, follows, date, signature }) {
    if (kind === "day") return h("h2", { class: "day" }, h("time", { datetime: date.toISOString().slice(0, 10) }, signature));
    if (kind === "unsent") return unsentView(item, follows, this.actions);
    return messageView(item, follows, this.fetchFile);
  }

  #drawChoices(open) {
    const key = open ? String(open.seq) : "";
    if (key === this.#choicesKey) return;
    this.#choicesKey = key;
    this.#removing(this.#choices);
    this.#choices.replaceChildren(...(open?.choices ?? []).map((choice) =>
      h("button", { type: "button", class: "choice", onclick: () => this.onChoice(choice) }, choice.title)));
  }

  #drawTyping(typing) {
    this.#typing.hidden = !typing;
    if (!typing) this.#typing.replaceChildren();
    else if (!this.#typing.firstChild) {
      const dots = h("span", { class: "typing-dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
      this.#typing.append(dots, words.typing(typing.name || words.support));
    }
  }

  /** What is about to go may hold the focus: it must not fall back to the top of the page. */
  #removing(element) {
    if (element.contains(document.activeElement)) this.onFocusLost();
  }

  #follow(items) {
    const last = items.at(-1);
    const fresh = last && last.key !== this.#lastKey;
    this.#lastKey = last?.key ?? null;
    if (this.#stuck || (fresh && last.author === "customer")) this.toEnd();
    else if (fresh) this.#jump.hidden = false;
  }

  #scrolled() {
    this.#stuck = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END_PX;
    if (this.#stuck) this.#jump.hidden = true;
  }
}
