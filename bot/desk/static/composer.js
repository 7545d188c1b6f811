// Where the technician writes: a reply or a private note, with files; what is half written survives a reload.
import { call } from "./call.js";
import { element } from "./element.js";
import { say } from "./say.js";

const TYPING_EVERY_MS = 3_000;
const form = document.getElementById("composer");
const text = document.getElementById("text");
const chosen = document.getElementById("file");
const files = document.getElementById("files");
const answered = document.getElementById("answered");
const hint = document.getElementById("hint");

export class Composer {
  // reply(text, attachments) sends; noted(note) hears a stored note.
  constructor(technician, conversation, largestFile, { reply, noted }) {
    Object.assign(this, { conversation, largestFile, reply, noted, mine: false, attached: [], typedAt: 0 });
    this.address = `conversations/${conversation}`;
    this.key = `techref desk draft ${technician} ${conversation}`;
    text.value = localStorage.getItem(this.key) ?? "";
    text.addEventListener("input", () => this.typed());
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    text.addEventListener("paste", (event) => this.attach([...event.clipboardData.files]));
    chosen.addEventListener("change", () => this.attach([...chosen.files]));
    form.addEventListener("change", () => this.show());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.show();
  }

  get isNote() {
    return form.mode.value === "note";
  }

  // Whether this technician owns the conversation now, and so may reply.
  own(mine) {
    if (mine === this.mine) return;
    this.mine = mine;
    if (!mine) form.mode.value = "note";
    else if (!text.value) form.mode.value = "reply";
    this.show();
  }

  // Put words where the cursor is.
  insert(words) {
    const { selectionStart: from, selectionEnd: to, value } = text;
    text.value = value.slice(0, from) + words + value.slice(to);
    text.setSelectionRange(from + words.length, from + words.length);
    this.typed();
    text.focus();
  }

  // Somebody else has replied while this was being written: the next Enter only shows it.
  warn(name) {
    if (!text.value.trim()) return;
    this.warned = true;
    answered.textContent = `${name} has replied while you were writing. Read it, then send yours if it still fits.`;
    answered.hidden = false;
  }

  write(mode) {
    form.mode.value = mode;
    this.show();
    text.focus();
  }

  show() {
    const blocked = !this.isNote && !this.mine;
    form.classList.toggle("writing-note", this.isNote);
    document.getElementById("send").disabled = blocked;
    document.getElementById("text-label").textContent = this.isNote ? "Private note for technicians" : "Reply to the customer";
    text.placeholder = this.isNote ? "Only technicians will see this" : "Write to the customer";
    hint.textContent = blocked
      ? "Claim the conversation to reply. Your text stays here."
      : "Enter sends, Shift+Enter makes a new line.";
    this.fit();
  }

  fit() {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, 220)}px`;
  }

  typed() {
    localStorage.setItem(this.key, text.value);
    this.fit();
    if (this.isNote || !this.mine || Date.now() - this.typedAt < TYPING_EVERY_MS) return;
    this.typedAt = Date.now();
    call("POST", `${this.address}/typing`, { on: text.value !== "" }).catch(() => (this.typedAt = 0));
  }

  async submit() {
    const written = text.value.trim();
    if (this.isNote) return this.keepNote(written);
    if (!this.mine) return say("Claim the conversation to reply.");
    if (!written && !this.attached.length) return;
    if (this.warned) {
      this.warned = false;
      answered.classList.add("urgent");
      return;
    }
    answered.hidden = true;
    answered.classList.remove("urgent");
    this.reply(written, this.attached);
    this.attached = [];
    this.showFiles();
    this.clear();
  }

  async keepNote(written) {
    if (!written) return;
    try {
      this.noted(await call("POST", `${this.address}/notes`, { text: written }));
      this.clear();
    } catch (problem) {
      say(problem.message);
    }
  }

  clear() {
    text.value = "";
    localStorage.removeItem(this.key);
    this.typedAt = 0;
    this.fit();
  }

  async attach(added) {
    chosen.value = "";
    for (const file of added) {
      if (file.size > this.largestFile) {
        say(`${file.name} is too large; ${Math.floor(this.largestFile / 1_048_576)} MB is the most.`);
        continue;
      }
      const body = new FormData();
      body.append("file", file, file.name || "pasted.png");
      try {
        this.attached.push(await call("POST", `${this.address}/attachments`, body));
      } catch (problem) {
        say(`${file.name} was not attached. ${problem.message}`);
      }
      this.showFiles();
    }
  }

  showFiles() {
    const remove = (file) => {
      this.attached = this.attached.filter((other) => other !== file);
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
    files.replaceChildren(...items);
  }
}
