/** The whole chat on the screen: puts the parts together and passes on what people do. */
import { Composer } from "./composer.js";
import { Header, place } from "./header.js";
import { IssuesPanel } from "./issues.js";
import { MessageList } from "./message_list.js";
import { Notices, tick } from "./notices.js";
import { RatingForm } from "./rating.js";
import { StagedView } from "./staged_view.js";
import { Toolbar } from "./toolbar.js";
import { Welcome } from "./welcome.js";
import { focusable, h } from "./dom.js";
import { refusal } from "../staged_files.js";
import { timeline } from "../store.js";
import { words } from "../i18n.js";

const PERSON_PAUSE_MS = 3_000;

export class ChatView {
  #chat;
  #store;
  #files;
  #draft;
  #personAt = 0;
  #sendWhenUploaded = false;

  /**
   * `conversation`, `store` and `files` (StagedFiles) are the model; `draft` keeps unsent words ({read, write});
   * `fetchFile(id)` gives an attachment's bytes; `onClose()` leaves the chat.
   */
  constructor({ conversation, store, files, draft, fetchFile, onClose }) {
    this.#chat = conversation;
    this.#store = store;
    this.#files = files;
    this.#draft = draft;
    this.onClose = onClose;
    this.header = new Header({ onClose });
    this.toolbar = new Toolbar({ onPerson: () => this.#person(), onIssues: () => this.#openIssues(), onNew: () => this.#new() });
    this.welcome = new Welcome({ onReply: (text) => this.#say(text), onEarlier: () => this.#openConversation(store.state.earlier) });
    this.notices = new Notices({ onDismiss: (key) => this.#dismiss(key) });
    this.rating = new RatingForm({ onRate: (score, comment) => conversation.rate(score, comment) });
    this.staged = new StagedView({ onRetry: (id) => files.retry(id), onRemove: (id) => this.#removeFile(id) });
    this.composer = new Composer({
      stagedView: this.staged.element,
      onSend: () => this.#send(),
      onInput: () => this.#typed(),
      onFiles: (list) => this.attach(list),
    });
    this.list = new MessageList({
      welcome: this.welcome.element,
      actions: {
        onRetry: (id) => conversation.outbox.retry(id),
        onDelete: (id) => conversation.outbox.remove(id),
        onEdit: (entry) => this.#takeBack(entry),
      },
      fetchFile,
      onChoice: (choice) => conversation.choose(choice),
      onFocusLost: () => this.composer.focus(),
    });
    this.issues = new IssuesPanel({ load: () => conversation.issues(), mailCopy: () => conversation.mailTranscript(), onOpen: (id) => this.#openConversation(id), onClose: () => this.#closeIssues() });
    this.main = h("div", { class: "chat-main" }, this.header.element, this.toolbar.element, this.list.element, this.notices.element, this.rating.element, this.composer.element);
    this.drop = h("p", { class: "drop", hidden: true, "aria-hidden": "true" }, words.drop);
  }

  mount(root, { framed }) {
    this.header.close.hidden = !framed;
    root.append(this.main, this.issues.element, this.drop);
    const saved = this.#draft.read();
    this.composer.fill(saved.text);
    this.#files.restore(saved.files);
    root.addEventListener("keydown", (event) => this.#escape(event));
    this.#acceptDrops(root);
    this.#store.subscribe((state) => this.render(state));
    setInterval(() => tick(root), 1000);
  }

  render(state) {
    const { messages, unsent } = timeline(state);
    const started = messages.length > 0 || unsent.length > 0 || !state.restored;
    this.header.render(state);
    this.toolbar.render(state);
    this.welcome.render(state, started);
    this.list.render(state);
    this.notices.render(state);
    this.rating.render(state);
    this.composer.render(state);
    this.#files.moveTo(state.conversation.id);
    tick(this.main);
  }

  renderFiles() {
    this.staged.render(this.#files.list);
    if (!this.#files.uploading && this.#sendWhenUploaded) this.#send();
    this.#save();
  }

  focus({ phone }) {
    // On a phone, focusing the text area would open the keyboard over half of what there is to read.
    if (!this.issues.element.hidden) focusable(this.issues.element)[0]?.focus();
    else if (phone) this.header.focus();
    else this.composer.focus();
  }

  focusEdge(where) {
    const open = this.issues.element.hidden ? this.main : this.issues.element;
    focusable(open).at(where === "last" ? -1 : 0)?.focus();
  }

  /** Stage files for the next message; what cannot be attached is named, with the reason. */
  attach(list) {
    const limits = this.#store.state.config?.limits ?? {};
    const reasons = [];
    for (const file of list) {
      const reason = refusal(file, limits);
      if (reason) reasons.push(reason);
      else this.#files.add(file);
    }
    if (reasons.length) this.#notice("files", "error", reasons.join(" "));
    else this.#dismiss("files");
    this.composer.focus();
  }

  #send() {
    const { text } = this.composer;
    this.#sendWhenUploaded = false;
    this.composer.say("");
    if (!text && !this.#files.list.length) return;
    if (this.#files.failed) {
      this.composer.say(words.fileNeedsYou);
    } else if (this.#files.uploading) {
      this.#sendWhenUploaded = true;
      this.composer.say(words.waitForFiles);
    } else {
      // Written to the outbox first, taken from the composer after: there is no moment in which it is nowhere.
      this.#chat.send(text || null, this.#files.saved().map(({ conversation: _, ...file }) => file));
      this.composer.fill("");
      this.#files.take();
      this.#dismiss("files");
    }
  }

  #say(text) {
    this.#chat.send(text);
    this.composer.focus();
  }

  /** A refused message goes back to where it can be changed, with its files. */
  #takeBack(entry) {
    this.composer.fill([entry.text ?? entry.title, this.composer.text].filter(Boolean).join("\n"));
    this.#files.restore(entry.attachments.map((file) => ({ ...file, conversation: entry.conversation })));
    this.#chat.outbox.remove(entry.id);
    this.composer.focus();
  }

  #removeFile(id) {
    this.#files.remove(id);
    this.composer.say("");
    this.composer.focus();
  }

  #person() {
    const { conversation } = this.#store.state;
    if (conversation.owner === "queue") this.#notice("person", "info", words.personQueued(place(conversation)));
    else if (conversation.owner === "technician") this.#notice("person", "info", words.personHere(conversation.owner_name ?? words.answering.technician));
    else if (Date.now() - this.#personAt > PERSON_PAUSE_MS) {
      this.#personAt = Date.now();
      this.#chat.send(words.personMessage);
    }
    this.composer.focus();
  }

  #new() {
    const isNew = this.#store.state.conversation.id === null;
    if (!isNew) this.#chat.startNew();
    this.#notice("issue", "info", isNew ? words.alreadyNew : words.newStarted);
    this.composer.focus();
  }

  #openIssues() {
    this.main.inert = true;
    this.issues.show(this.#store.state.conversation.id, { mails: Boolean(this.#store.state.config?.email) });
  }

  #closeIssues() {
    this.issues.hide();
    this.main.inert = false;
    this.toolbar.issues.focus();
  }

  #openConversation(id) {
    if (id !== this.#store.state.conversation.id && !this.#chat.enter(id)) {
      this.#notice("issue", "warn", words.notices.notOnThisDevice);
    } else this.#dismiss("issue");
    if (!this.issues.element.hidden) this.#closeIssues();
    this.composer.focus();
  }

  #typed() {
    this.#save();
    this.#chat.typing();
  }

  #save() {
    this.#draft.write({ text: this.composer.text, files: this.#files.saved() });
  }

  #escape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    if (this.issues.element.hidden) this.onClose();
    else this.#closeIssues();
  }

  #acceptDrops(root) {
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    root.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.drop.hidden = false;
    });
    root.addEventListener("dragleave", (event) => {
      if (!root.contains(event.relatedTarget)) this.drop.hidden = true;
    });
    root.addEventListener("drop", (event) => {
      this.drop.hidden = true;
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.attach([...event.dataTransfer.files]);
    });
  }

  #notice(key, kind, text) {
    this.#store.dispatch({ type: "notice", notice: { key, kind, text } });
  }

  #dismiss(key) {
    this.#store.dispatch({ type: "dismiss", key });
  }
}
