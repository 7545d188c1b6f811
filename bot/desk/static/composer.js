// Where the technician writes: a reply or a private note. Each has a draft of its own, which survives leaving the page.
import { call } from "./call.js";
import { Drafts } from "./drafts.js";
import { element } from "./element.js";
import { Mentioning } from "./mentioning.js";
import { say } from "./say.js";

const TYPING_EVERY_MS = 3_000;
export class Composer {
  // reply(text, attachments) sends; noted(note) is called with a stored note. way, words: how an answer reaches a
  // customer who is away; to a caller ("phone") nothing can be written.
  constructor(technician, conversation, { largestFile, customerName, way, wayWords }, { reply, noted }) {
    Object.assign(this, { largestFile: Number(largestFile), customerName, way, wayWords, reply, noted });
    Object.assign(this, { mine: null, typedAt: 0, away: way === "phone" });
    const [form, text, chosen] = ["composer", "text", "file"].map((id) => document.getElementById(id));
    const [files, answered, hint] = ["files", "answered", "hint"].map((id) => document.getElementById(id));
    Object.assign(this, { form, text, chosen, files, answered, hint });
    this.address = `conversations/${conversation}`;
    this.drafts = new Drafts(technician, conversation);
    this.open(this.drafts.mode ?? form.mode.value);
    text.addEventListener("input", () => this.typed());
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    text.addEventListener("paste", (event) => {
      const files = [...event.clipboardData.files];
      if (!files.length) return;
      event.preventDefault();
      const pasted = wordsOf(event.clipboardData, files);
      if (!pasted) this.attach(files);
      else document.execCommand("insertText", false, pasted);
    });
    new Mentioning(text, () => this.isNote, (typed, words) => this.complete(typed, words));
    chosen.addEventListener("change", () => this.attach([...chosen.files]));
    form.addEventListener("change", (event) => {
      if (event.target.name === "mode") this.choose(form.mode.value);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  // The name that customers are addressed by on the button that sends.
  get addressee() {
    return this.customerName === "Customer" ? "customer" : this.customerName.split(/\s+/)[0];
  }

  get isNote() {
    return this.mode === "note";
  }

  // Whether this technician owns the conversation now, and so may reply. The mode follows only while nobody has chosen
  // one, nothing is written and nobody is about to write.
  own(mine) {
    if (mine === this.mine) return;
    this.mine = mine;
    const untouched = this.drafts.mode === null && !this.text.value && document.activeElement !== this.text;
    if (untouched) this.open(mine && this.way !== "phone" ? "reply" : "note");
    else this.show();
  }

  // Whether the customer is in the chat; a caller never is.
  present(isThere) {
    const away = this.way === "phone" || !isThere;
    if (away === this.away) return;
    this.away = away;
    this.show();
  }

  // Put words where the cursor is, into what is being written.
  insert(words) {
    const { selectionStart: from, selectionEnd: to, value } = this.text;
    this.text.value = value.slice(0, from) + words + value.slice(to);
    this.text.setSelectionRange(from + words.length, from + words.length);
    this.typed();
    this.text.focus();
  }

  // Put a whole name in the place of its beginning before the cursor.
  complete(typed, words) {
    this.text.selectionStart -= typed.length;
    this.text.setRangeText(words, this.text.selectionStart, this.text.selectionEnd, "end");
    this.typed();
  }

  // What was undone is a draft again, before what was written meanwhile.
  takeBack(text, files) {
    const draft = this.drafts.of("reply");
    this.drafts.keep("reply", { text: [text, draft.text].filter(Boolean).join("\n"), files: [...files, ...draft.files] });
    this.choose("reply");
    this.open("reply");
  }

  // Somebody else has replied while a reply was being written: the next Enter only shows it.
  warn(name) {
    if (!this.drafts.of("reply").text.trim()) return;
    this.warned = true;
    this.answered.textContent = `${name} has replied while you were writing. Read it, then send yours if it still fits.`;
    this.answered.hidden = false;
  }

  write(mode) {
    this.choose(mode);
    this.text.focus();
  }

  // A person's own act on the mode: it is kept, and the other draft stays where it is.
  choose(mode) {
    this.drafts.mode = mode;
    if (mode !== this.mode) this.open(mode);
  }

  open(mode) {
    this.mode = this.form.mode.value = mode;
    const draft = this.drafts.of(mode);
    this.text.value = draft.text;
    this.attached = draft.files;
    this.show();
  }

  show() {
    const blocked = !this.isNote && (this.mine === false || this.way === "phone");
    this.form.classList.toggle("writing-note", this.isNote);
    const send = document.getElementById("send");
    send.disabled = blocked;
    send.textContent = this.isNote ? "Add note" : `Send to ${this.addressee}`;
    document.getElementById("text-label").textContent = this.isNote ? "Private note for technicians" : "Reply to the customer";
    this.text.placeholder = this.isNote ? "Only technicians will see this; @name tells a colleague" : "Write to the customer";
    this.hint.textContent = this.hintNow();
    const call = document.getElementById("way-call");
    if (call) call.hidden = this.isNote || !this.mine || !this.away || this.way === "mail";
    this.showDrafts();
    this.showFiles();
    this.fit();
  }

  hintNow() {
    if (!this.isNote && this.way === "phone") return this.wayWords;
    if (!this.isNote && this.mine === false) return "Claim the conversation to reply. Your text stays here.";
    if (!this.isNote && this.away && this.wayWords) return this.wayWords;
    return "Enter sends, Shift+Enter makes a new line.";
  }

  // Mark the mode that is not shown when something is written there.
  showDrafts() {
    for (const radio of this.form.mode) {
      radio.parentElement.classList.toggle("has-draft", radio.value !== this.mode && this.drafts.has(radio.value));
    }
  }

  fit() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight + 2, innerHeight / 4, 220)}px`;
  }

  typed() {
    this.keep();
    this.fit();
    if (this.isNote || !this.mine || Date.now() - this.typedAt < TYPING_EVERY_MS) return;
    this.typedAt = Date.now();
    call("POST", `${this.address}/typing`, { on: this.text.value !== "" }).catch(() => (this.typedAt = 0));
  }

  keep() {
    this.drafts.keep(this.mode, { text: this.text.value, files: this.attached });
    this.drafts.mode = this.mode;
  }

  async submit() {
    const written = this.text.value.trim();
    if (this.isNote) return this.keepNote(written);
    if (this.way === "phone") return say(this.wayWords);
    if (!this.mine) return say("Claim the conversation to reply.");
    if (!written && !this.attached.length) return;
    if (this.warned) {
      this.warned = false;
      this.answered.classList.add("urgent");
      return;
    }
    this.answered.hidden = true;
    this.answered.classList.remove("urgent");
    this.reply(written, this.attached);
    this.sent("reply");
  }

  async keepNote(written) {
    if (!written || this.text.readOnly) return;
    this.text.readOnly = true; // what is typed meanwhile would be neither in the stored note nor in the draft
    try {
      const note = await call("POST", `${this.address}/notes`, { text: written });
      this.noted(note);
      if (note.mentioned.length) say(`${note.mentioned.join(" and ")} will see it.`);
      this.sent("note");
    } catch (problem) {
      say(problem.message);
    } finally {
      this.text.readOnly = false;
    }
  }

  sent(mode) {
    this.drafts.drop(mode);
    this.typedAt = 0;
    if (mode === this.mode) this.open(mode);
    else this.showDrafts();
  }

  async attach(added) {
    this.chosen.value = "";
    if (added.length === 0) return;
    if (this.isNote) return say("A private note takes no files. Choose Reply to send a file to the customer.");
    for (const file of added) {
      if (file.size > this.largestFile) {
        say(`${file.name} is too large. ${Math.floor(this.largestFile / 1_048_576)} MB is the most.`);
        continue;
      }
      const body = new FormData();
      body.append("file", file, file.name || "pasted.png");
      try {
        this.staged(await call("POST", `${this.address}/attachments`, body));
      } catch (problem) {
        say(`${file.name} was not attached. ${problem.message}`);
      }
    }
  }

  // An uploaded file belongs to the reply, whichever mode is shown by then.
  staged(file) {
    const draft = this.drafts.of("reply");
    this.drafts.keep("reply", { ...draft, files: [...draft.files, file] });
    if (this.isNote) return this.showDrafts();
    this.attached = [...this.attached, file];
    this.drafts.mode = this.mode;
    this.showFiles();
  }

  showFiles() {
    const remove = (file) => {
      this.attached = this.attached.filter((other) => other !== file);
      this.keep();
      this.showFiles();
    };
    const items = this.attached.map((file) =>
      element(
        "li",
        {},
        file.name,
        element("button", { type: "button", className: "quiet", ariaLabel: `Remove ${file.name}`, onclick: () => remove(file) }, "×"),
      ),
    );
    this.files.replaceChildren(...items);
  }
}

/**
 * The words on the clipboard, or "" when there are none but the names of files.
 * Excel and Word put a picture of the words beside the words; a file manager puts the names of the files.
 */
function wordsOf(clipboard, files) {
  const names = new Set(files.map((file) => file.name));
  const words = clipboard.getData("text/plain");
  return words.split("\n").some((line) => line.trim() && !names.has(line.trim())) ? words : "";
}
