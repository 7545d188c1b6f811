/** The conversation as the chat uses it: sends by the outbox, follows by the stream, keeps the store true. */
import { exclusively } from "./locks.js";
import { lastSeq } from "./store.js";
import { words } from "./i18n.js";
import { LiveConversation } from "./stream.js";
import { Outbox } from "./outbox.js";

/** Fetched again with every connection: an update to one of the latest messages may have passed unheard. */
const OVERLAP = 20;
const TYPING_EVERY_MS = 3_000;
/** "Is writing" without a word for this long is out of date. */
const TYPING_LASTS_MS = 12_000;

export class Conversation {
  #api;
  #store;
  #sessions;
  #identity;
  #live = null;
  #creating = null;
  #typedAt = 0;
  #typingTimer = 0;

  /** `identity` is {identity_token, page_url} as the host page gave them, with the `product` of several, or null. */
  constructor({ api, store, sessions, memory, identity }) {
    this.#api = api;
    this.#store = store;
    this.#sessions = sessions;
    this.#identity = identity;
    this.outbox = new Outbox({
      memory,
      deliver: (entry) => this.#deliver(entry),
      onSent: (entry, message) => this.#sent(entry, message),
      onLost: (id, error) => this.#lost(id, error),
      onChange: () => store.dispatch({ type: "outbox", entries: this.outbox.entries() }),
    });
    memory.onChangeElsewhere((key) => this.#changedElsewhere(key));
  }

  /** Show what this browser was in the middle of, and go on sending what was not sent. */
  resume() {
    this.#sessions.prune();
    this.#store.dispatch({ type: "outbox", entries: this.outbox.entries() });
    this.#follow(this.#sessions.currentId());
    this.outbox.run();
  }

  get id() {
    return this.#store.state.conversation.id;
  }

  get token() {
    return this.id ? this.#sessions.tokenOf(this.id) : null;
  }

  send(text, attachments = []) {
    this.#post({ text, attachments });
  }

  choose(choice) {
    this.#post({ choice: choice.id, title: choice.title });
  }

  /** Say that the customer is writing; only a technician would see it, and not more often than every 3 s. */
  async typing() {
    const { owner } = this.#store.state.conversation;
    if (owner !== "technician" || Date.now() - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = Date.now();
    await this.#api.typing(this.id, this.token).catch(() => {
      // A sign of life that does not arrive costs nobody anything; the message itself is what counts.
    });
  }

  /** How well the resolved issue was handled, 1 to 5, and a comment or null. */
  rate(score, comment) {
    return this.#api.rate(this.id, this.token, score, comment);
  }

  /** Tell that the customer opened a card; `opened` is {seq, card}: the message and the card's place in it. */
  async cardOpened(opened) {
    await this.#api.opened(this.id, this.token, opened).catch(() => {
      // Only a count is lost. The page itself has opened.
    });
  }

  seen() {
    const seq = lastSeq(this.#store.state);
    this.#store.dispatch({ type: "seen", seq });
    if (!this.id) return;
    this.#sessions.seen(this.id, seq);
    this.#api.seen(this.id, this.token, seq).catch(() => {
      // Told again with the next message; at worst an answer that was read is told by mail as well.
    });
  }

  /** Come in by a link from a mail: true, or false with a word about why not. */
  async comeInBy(link) {
    try {
      const opened = await this.#api.continueHere(link);
      this.#sessions.begin(opened.conversation_id, opened.token);
      return true;
    } catch (error) {
      this.#notice("link", "warn", error.message);
      return false;
    }
  }

  /** Have a copy of this conversation mailed; gives the address, its name hidden, and whether it is a copy or a link. */
  mailTranscript() {
    return this.#api.mailTranscript(this.id, this.token);
  }

  /** Start afresh. The conversation itself is created with its first message. */
  startNew() {
    this.#sessions.leave();
    this.#follow(null);
  }

  /** Go to a conversation that this browser knows; false if it does not. */
  enter(id) {
    if (!this.#sessions.tokenOf(id)) return false;
    this.#sessions.enter(id);
    this.#follow(id);
    return true;
  }

  /** A conversation to write or upload to, created if need be. Gives its id. */
  ensure() {
    const id = this.#sessions.currentId();
    if (id) return Promise.resolve(id);
    this.#creating ??= exclusively("create", () => this.#create()).finally(() => {
      this.#creating = null;
    });
    return this.#creating;
  }

  async issues() {
    const token = this.#sessions.kinToken();
    return token ? (await this.#api.issues(token)).issues : [];
  }

  nudge() {
    this.#live?.nudge();
    this.outbox.wake();
  }

  pause() {
    this.#live?.stop();
  }

  unpause() {
    this.#live?.start();
    this.nudge();
  }

  #post(message) {
    this.outbox.add({ ...message, conversation: this.#sessions.currentId(), seen_seq: this.#store.state.seenSeq });
    this.#live?.nudge();
  }

  async #deliver(entry) {
    const id = entry.conversation ?? (await this.ensure());
    const body = { client_message_id: entry.id };
    if (entry.choice) body.choice = entry.choice;
    else if (entry.text) body.text = entry.text;
    if (entry.seen_seq !== null) body.seen_seq = entry.seen_seq;
    if (entry.attachments.length) body.attachments = entry.attachments.map((file) => file.attachment_id);
    const message = await this.#api.send(id, this.#sessions.tokenOf(id), body);
    return { client_message_id: entry.id, ...message };
  }

  #sent(entry, message) {
    const id = entry.conversation ?? this.#sessions.currentId();
    this.#store.dispatch({ type: "sent", id, message });
  }

  async #create() {
    const already = this.#sessions.currentId();
    if (already) return already;
    const opened = await this.#open();
    this.#sessions.begin(opened.conversation_id, opened.token);
    this.outbox.rebind(null, opened.conversation_id);
    this.#follow(opened.conversation_id, { fresh: true });
    return opened.conversation_id;
  }

  /** Open it as the same customer, else as whom the host page names, else as somebody new. */
  async #open() {
    const about = {
      locale: navigator.language,
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      page_url: this.#identity.page_url,
      ...(this.#identity.product ? { product: this.#identity.product } : {}),
    };
    const kin = this.#sessions.kinToken();
    if (kin) {
      const opened = await this.#unlessRefused(this.#api.open(about, kin));
      if (opened) return opened;
    }
    if (this.#identity.identity_token) {
      const proof = { ...about, identity_token: this.#identity.identity_token };
      const opened = await this.#unlessRefused(this.#api.open(proof));
      if (opened) return opened;
      this.#notice("identity", "warn", words.notices.identity);
    }
    return this.#api.open(about);
  }

  async #unlessRefused(opening) {
    try {
      return await opening;
    } catch (error) {
      if (error.status === 401 || error.status === 422) return null;
      throw error;
    }
  }

  #follow(id, { fresh = false } = {}) {
    this.#live?.stop();
    this.#live = null;
    const seenSeq = id ? this.#sessions.seenSeq(id) : 0;
    this.#store.dispatch({ type: "opened", id, seenSeq, earlier: this.#sessions.earlierId(), restored: fresh || !id });
    this.#store.dispatch({ type: "outbox", entries: this.outbox.entries() });
    if (!id) return;
    const token = this.#sessions.tokenOf(id);
    this.#live = new LiveConversation({
      refresh: async (signal) => {
        const answer = await this.#api.messages(id, token, Math.max(0, this.#store.state.cursor - OVERLAP), signal);
        this.#store.dispatch({ type: "fetched", id, answer });
      },
      subscribe: (signal) => this.#api.events(id, token, this.#store.state.cursor, signal),
      onEvent: (type, data) => this.#event(id, type, data),
      onStatus: (connection) => this.#store.dispatch({ type: "connection", connection }),
      onLost: (error) => this.#lost(id, error),
    });
    this.#live.start();
  }

  #event(id, type, data) {
    if (type === "message" || type === "message_updated") this.#store.dispatch({ type, id, message: data });
    else if (type === "state") this.#store.dispatch({ type, id, answer: data });
    else if (type === "typing") this.#typing(id, data);
  }

  #typing(id, typing) {
    clearTimeout(this.#typingTimer);
    this.#store.dispatch({ type: "typing", id, typing });
    if (typing.on) this.#typingTimer = setTimeout(() => this.#typing(id, { ...typing, on: false }), TYPING_LASTS_MS);
  }

  /** The token opens this conversation no more: keep the unsent text for a new one, and say so. */
  #lost(id, error) {
    if (id === null) return;
    const wasCurrent = this.#sessions.currentId() === id || this.id === id;
    this.#sessions.forget(id);
    this.outbox.rebind(id, null);
    if (!wasCurrent) return;
    this.#follow(this.#sessions.currentId());
    this.#notice("lost", "warn", error.status === 401 ? words.notices.expired : words.notices.gone);
    this.outbox.run();
  }

  #changedElsewhere(key) {
    if (key.startsWith("out.")) {
      this.#store.dispatch({ type: "outbox", entries: this.outbox.entries() });
      this.outbox.wake();
    } else if (key === "current" && this.#sessions.currentId() !== this.id) {
      this.#follow(this.#sessions.currentId());
    } else if (this.id && key === `seen.${this.id}`) {
      this.#store.dispatch({ type: "seen", seq: this.#sessions.seenSeq(this.id) });
    }
  }

  #notice(key, kind, text) {
    this.#store.dispatch({ type: "notice", notice: { key, kind, text } });
  }
}
