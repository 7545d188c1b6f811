/** The log of messages. Elements are kept by key, so that a change draws, and a screen reader reads, only what is new. */
import { h, icon } from "./dom.js";
import { dayKey, dayName } from "./format.js";
import { messageView, unsentView } from "./message.js";
import { openChoices, timeline } from "../store.js";
import { words } from "../i18n.js";

const TOGETHER_MS = 3 * 60_000;
const NEAR_END_PX = 80;
/** Messages that come this close together are one answer, to be read from its beginning. */
const ONE_ANSWER_MS = 1_500;
const ABOVE_ANSWER_PX = 12;

export class MessageList {
  #drawn = new Map();
  #list = h("div", { class: "log-messages" });
  #loading = h("p", { class: "log-loading" }, words.loading);
  #choices = h("div", { class: "choices log-choices", role: "group", "aria-label": words.choices });
  #typing = h("p", { class: "typing", hidden: true });
  #jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() }, icon("down"), h("span", {}, words.newMessages));
  #choicesKey = "";
  #known = null;
  #answer = { element: null, at: 0 };
  #stuck = true;
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

  render(state) {
    if (this.#conversation !== state.conversation.id) {
      // The first message creates its conversation: that is no change of scene.
      if (this.#conversation !== null) this.#known = null;
      this.#conversation = state.conversation.id;
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

  /** Keep up with the news, unless the reader is further up: then a button says that there is some. */
  #follow(items) {
    const talk = items.filter(({ kind }) => kind !== "day");
    const fresh = this.#known ? talk.filter(({ key }) => !this.#known.has(key)) : [];
    const restored = !this.#known?.size;
    this.#known = new Set(talk.map(({ key }) => key));
    if (restored || fresh.some(({ author }) => author === "customer")) this.toEnd();
    else if (fresh.length) this.#showAnswer(this.#drawn.get(fresh[0].key).element);
    else if (this.#stuck) this.toEnd();
  }

  /** An answer longer than the screen is shown from its first line, not from its last. */
  #showAnswer(element) {
    const goesOn = Date.now() - this.#answer.at < ONE_ANSWER_MS;
    if (!this.#stuck && !goesOn) {
      this.#jump.hidden = false;
      return;
    }
    this.#answer = { element: goesOn ? this.#answer.element : element, at: Date.now() };
    const top = this.#answer.element.getBoundingClientRect().top - this.log.getBoundingClientRect().top;
    this.log.scrollTop += Math.min(top - ABOVE_ANSWER_PX, this.#belowPx());
    this.#stuck = this.#belowPx() < NEAR_END_PX;
    this.#jump.hidden = this.#stuck;
  }

  #belowPx() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight;
  }

  #scrolled() {
    this.#stuck = this.#belowPx() < NEAR_END_PX;
    if (this.#stuck) this.#jump.hidden = true;
  }
}
