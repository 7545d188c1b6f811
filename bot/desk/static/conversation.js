// One conversation as it happens: transcript, facts, who is there, and what may be done with it now. The shell opens and
// closes it; what it listens to beyond its own panes ends with it.
import { call } from "./call.js";
import { showMarks } from "./channel_marks.js";
import { insertBy } from "./commands.js";
import { Composer } from "./composer.js";
import { open, takeUp } from "./dialogs.js";
import { editIssue } from "./editing.js";
import { escalateIssue } from "./escalating.js";
import { Inserting } from "./inserting.js";
import { offer } from "./keys.js";
import { Lightbox } from "./lightbox.js";
import { Macros } from "./macros.js";
import { Menu } from "./menu.js";
import { Moves } from "./moves.js";
import { outboxOf } from "./outbox.js";
import { refresher } from "./parts.js";
import { Phone } from "./phone.js";
import { say } from "./say.js";
import { Splitting } from "./splitting.js";
import { restWhileHidden, showConnection, Stream } from "./stream.js";
import { Transcript } from "./transcript.js";
import { Turns } from "./turns.js";

const TYPING_FOR_MS = 6_000;
const AWAY_AFTER_MS = 5_000;
const READ_AFTER_MS = 400;
const GROUP = "In a conversation";

export class Conversation {
  // shell: its element. resolved() is called when the conversation was closed here, renew() when it is about another
  // issue than its panes were made for.
  constructor(shell, { resolved, renew }) {
    const { conversation, reference, customerName, ...about } = document.getElementById("talk").dataset;
    Object.assign(this, { id: conversation, reference, shell, resolved, renew, shownState: "", read: 0, ended: new AbortController() });
    this.address = `conversations/${conversation}`;
    this.presence = document.getElementById("presence");
    this.byTelephone = about.way === "phone";
    this.typing = document.getElementById("typing");
    this.take = document.querySelector("[data-take]");
    this.refreshFacts = refresher(this.address);
    const { me } = shell.dataset;
    this.turns = new Turns(this.address, (seq) => this.transcript.entryOf(seq));
    this.transcript = new Transcript({
      files: `/desk/api/${this.address}/attachments`,
      customerName,
      remove: (what, label) => this.remove(what, label),
      explain: (message) => this.turns.explain(message.seq),
      earlier: (seq) => this.earlier(seq),
    });
    const outbox = outboxOf(me, conversation);
    this.composer = new Composer(me, conversation, { customerName, ...about }, {
      reply: (text, files) => outbox.add(text, files),
      noted: (note) => this.transcript.note(note),
    });
    this.menu = new Menu(document.getElementById("more"), document.getElementById("more-moves"), this.ended.signal);
    this.phone = new Phone(this.address, (state) => this.stand(state));
    this.moves = new Moves(this.address, (state, move) => this.moved(state, move), () => this.phone.holds());
    this.inserting = new Inserting(conversation, (words) => this.composer.insert(words));
    this.split = document.querySelector("[data-split]");
    if (reference) {
      const splitting = new Splitting(() => this.transcript.customers(), () => this.refreshFacts(), this.ended.signal);
      this.split.addEventListener("click", () => splitting.begin());
    }
    this.macro = document.querySelector("[data-macro]");
    const macros = new Macros(conversation, (state) => this.stand(state));
    this.macro.addEventListener("click", () => macros.open());
    insertBy((words) => this.composer.insert(words), conversation);
    this.listen();
    this.offer();
    this.composer.present(this.presence.dataset.customer === "yes");
    document.getElementById("way-call")?.addEventListener("click", () => this.phone.call());
    this.begin();
    outbox.attach(
      (message) => this.transcript.message(message),
      (text, files) => this.composer.takeBack(text, files),
    );
    this.outbox = outbox;
  }

  close() {
    this.ended.abort();
    insertBy(null);
    for (const takeBack of this.offers) takeBack();
    clearTimeout(this.quiet);
    clearTimeout(this.away);
    clearTimeout(this.reading);
  }

  begin() {
    const { state, messages, notes } = JSON.parse(document.getElementById("first").textContent);
    this.transcript.begin(messages, notes);
    this.stand(state);
    this.markRead();
    const told = showConnection(document.getElementById("live"));
    const handlers = {
      message: (message) => this.arrived(message),
      message_updated: (message) => this.transcript.updated(message),
      note: (note) => this.noted(note),
      state: (now) => this.stand(now),
      presence: (who) => this.present(who),
      typing: (who) => this.types(who),
    };
    const { signal } = this.ended;
    const stream = new Stream(() => `/desk/api/${this.address}/events?after_seq=${this.transcript.last}`, handlers, told, signal);
    restWhileHidden(stream, signal, () => this.markRead());
  }

  listen() {
    for (const tab of document.querySelectorAll(".switch [role=tab]")) tab.addEventListener("click", () => this.part(tab.dataset.part));
    this.part(document.querySelector(".switch [aria-selected=true]").dataset.part);
    this.takeDrops(document.getElementById("talk"));
    this.showFiles(new Lightbox());
    document.addEventListener("done", () => this.refreshFacts(), { signal: this.ended.signal });
    document.getElementById("headline").addEventListener("click", (event) => this.ask(event.target.closest("[data-ask]")));
    if (!this.reference) return;
    editIssue(this.reference, () => {
      say("The issue is changed.");
      this.refreshFacts();
    });
    escalateIssue(this.reference, say);
    this.take.addEventListener("click", () => takeUp(this.reference));
  }

  // Files of the transcript and of the strip open over the page; with a key held, or by the other button, in a tab.
  showFiles(lightbox) {
    for (const pane of ["entries", "facts"]) {
      document.getElementById(pane).addEventListener("click", (event) => {
        const link = event.target.closest("[data-look]");
        if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        lightbox.look(link);
      });
    }
  }

  // A file that is dropped anywhere on the conversation is attached, instead of replacing the page.
  takeDrops(talk) {
    talk.addEventListener("dragover", (event) => event.preventDefault());
    talk.addEventListener("drop", (event) => {
      event.preventDefault();
      this.composer.attach([...event.dataTransfer.files]);
    });
  }

  offer() {
    const group = GROUP;
    const isIssue = { group, available: () => Boolean(this.reference) };
    const press = (name) => document.querySelector(`.moves [data-phone=${name}]`);
    const mine = (name) => ({ group, available: () => !press(name).hidden });
    this.offers = [
      ...this.moves.offer(group),
      offer("Reply", "r", () => this.write("reply"), { group }),
      offer("Write a private note", "n", () => this.write("note"), { group }),
      offer("Put a canned reply into the message", "t", () => this.inserting.canned(), { group }),
      offer("Put a passage of the manual into the message", "m", () => this.inserting.manual(), { group }),
      offer("Apply a macro", "o", () => this.macro.click(), { group, available: () => !this.macro.hidden }),
      offer("Split a second problem out", null, () => this.split.click(), { group, available: () => !this.split.hidden }),
      offer("Edit the issue", "e", () => open("edit"), isIssue),
      offer("Set the status, or snooze", "s", () => open("status"), isIssue),
      offer("I will reply by …", "p", () => press("promise").click(), mine("promise")),
      offer("Call the customer", null, () => press("call").click(), mine("call")),
      offer("End the call", null, () => press("end").click(), mine("end")),
      offer("Ask for what is missing", "i", () => this.ask(document.getElementById("ask-missing")), { group, available: () => document.getElementById("ask-missing") !== null }),
    ];
  }

  async earlier(seq) {
    try {
      return (await call("GET", `${this.address}/messages?before_seq=${seq}`)).messages;
    } catch (problem) {
      say(problem.message);
      return [];
    }
  }

  async remove(what, label) {
    if (!confirm(`${label}? This cannot be undone, and it is written down that you did it.`)) return;
    try {
      await call("POST", `${this.address}/${what}`, {});
      say("Removed.");
    } catch (problem) {
      say(problem.message);
    }
  }

  arrived(message) {
    if (message.client_message_id) this.outbox.arrived(message.client_message_id);
    if (!this.transcript.message(message)) return;
    this.typing.hidden = true;
    this.markRead();
    if (message.author === "technician" && !("client_message_id" in message)) {
      say(`${message.author_name} has replied.`);
      this.composer.warn(message.author_name);
    }
  }

  // A note may mention whoever looks at it.
  noted(note) {
    this.transcript.note(note);
    this.read = -1;
    this.markRead();
  }

  // Only what somebody has before their eyes counts as read; what cannot be noted now is noted with the next message.
  markRead() {
    clearTimeout(this.reading);
    if (document.hidden || this.transcript.last <= this.read) return;
    this.reading = setTimeout(async () => {
      const seq = this.transcript.last;
      try {
        await call("POST", `${this.address}/read`, { seq });
        this.read = seq;
      } catch (problem) {
        if (!problem.passing && problem.status !== 401) say(problem.message);
      }
    }, READ_AFTER_MS);
  }

  moved(state, move) {
    this.stand(state);
    if (state.delayed && !(move === "resolve" && state.together.length > 1)) this.resolved();
  }

  // How the conversation stands decides what may be done; the facts are fetched again when it changed.
  stand(state) {
    if (this.shownState && state.reference && state.reference !== this.about) return this.renew();
    this.about = state.reference;
    this.composer.own(state.mine);
    this.moves.allow(state);
    showMarks(this.address, state, this.transcript, (now) => this.stand(now));
    this.phone.allow(state);
    this.menu.allow();
    this.macro.hidden = !state.mine;
    this.split.hidden = !state.mine || !this.reference;
    this.take.hidden = !state.reference || !["assistant", "closed"].includes(state.owner);
    const version = [state.owner, state.owner_name, state.status, state.revision, state.reference, state.queue_position, state.call_began].join();
    if (this.shownState && version !== this.shownState) this.refreshFacts();
    this.shownState = version;
  }

  present(who) {
    clearTimeout(this.away);
    const show = () => {
      const others = who.technicians.length ? `. ${who.technicians.join(", ")} ${who.technicians.length > 1 ? "are" : "is"} looking too` : "";
      const where = this.byTelephone ? "By telephone" : `Customer is ${who.customer ? "in the chat" : "away"}`;
      this.presence.textContent = where + others;
      this.presence.dataset.customer = who.customer ? "yes" : "no";
      this.composer.present(who.customer);
    };
    // A reload is not a departure.
    if (who.customer) show();
    else this.away = setTimeout(show, AWAY_AFTER_MS);
  }

  types(who) {
    clearTimeout(this.quiet);
    this.typing.hidden = !who.on;
    this.typing.textContent = who.author === "customer" ? "The customer is writing …" : `${who.name} is writing …`;
    this.quiet = setTimeout(() => (this.typing.hidden = true), TYPING_FOR_MS);
  }

  // Where there is no room for both, facts and chat take turns.
  part(name) {
    this.shell.dataset.part = name;
    for (const tab of document.querySelectorAll(".switch [role=tab]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.part === name));
    }
    if (name === "talk") this.transcript.toEnd();
  }

  // Put the questions that nobody has asked yet into the reply.
  ask(button) {
    if (!button) return;
    this.write("reply");
    this.composer.insert(button.dataset.ask);
  }

  write(mode) {
    this.part("talk");
    this.composer.write(mode);
  }
}
