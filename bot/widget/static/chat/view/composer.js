/** Where the customer writes: a text area that grows, files by button, paste or drop, and the limit before it is hit. */
import { h, icon, set, setText } from "./dom.js";
import { time } from "./format.js";
import { words } from "../i18n.js";

const NEAR_LIMIT = 0.9;
const MOST_PX = 160;
const DEFAULT_LIMIT = 10_000;

export class Composer {
  #limit = DEFAULT_LIMIT;
  #count = h("p", { class: "composer-count", id: "composer-count", hidden: true });
  #status = h("p", { class: "composer-status", role: "status" });
  #hint = h("p", { class: "aside", id: "composer-hint" }, words.composerHint);
  #text = h("textarea", { class: "composer-text", id: "composer-text", rows: "1", placeholder: words.placeholder, "aria-label": words.composer,
    "aria-describedby": "composer-hint composer-count", enterkeyhint: "send", dir: "auto", autocomplete: "off" });
  #picker = h("input", { type: "file", multiple: true, hidden: true, tabindex: "-1" });
  #attach = h("button", { type: "button", class: "composer-attach", "aria-label": words.attach, title: words.attach, onclick: () => this.#picker.click() }, icon("clip"));
  #send = h("button", { type: "submit", class: "composer-send", "aria-label": words.send, title: words.send }, icon("send"));

  /** `onSend()` is asked to take the text; `onInput(text)` after each change; `onFiles(files)` for files from anywhere. */
  constructor({ stagedView, onSend, onInput, onFiles }) {
    this.onInput = onInput;
    this.onFiles = onFiles;
    const box = h("div", { class: "composer-box" }, this.#attach, this.#text, this.#send);
    this.element = h("form", { class: "composer", onsubmit: (event) => {
      event.preventDefault();
      if (this.fits) onSend();
    } }, stagedView, this.#status, box, this.#count, this.#hint, this.#picker);
    this.#text.addEventListener("input", () => this.#changed());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#text.addEventListener("paste", (event) => this.#pasted(event));
    this.#picker.addEventListener("change", () => {
      onFiles([...this.#picker.files]);
      this.#picker.value = "";
    });
  }

  get text() {
    return this.#text.value.trim();
  }

  get fits() {
    return length(this.text) <= this.#limit;
  }

  fill(text) {
    this.#text.value = text;
    this.#changed();
  }

  focus() {
    this.#text.focus();
  }

  /** What holds the message up, or "". */
  say(status) {
    setText(this.#status, status);
  }

  render({ config }) {
    if (!config) return;
    this.#limit = config.limits.text ?? DEFAULT_LIMIT;
    set(this.#picker, "accept", accepted(config.limits.file_types ?? []));
  }

  #changed() {
    this.#grow();
    this.#showCount();
    this.onInput(this.#text.value);
  }

  #grow() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(MOST_PX, this.#text.scrollHeight)}px`;
  }

  #showCount() {
    const used = length(this.text);
    this.#count.hidden = used < this.#limit * NEAR_LIMIT;
    set(this.#count, "data-over", String(used > this.#limit));
    set(this.#text, "aria-invalid", used > this.#limit ? "true" : null);
    this.#send.disabled = used > this.#limit;
    if (!this.#count.hidden) {
      setText(this.#count, used > this.#limit ? words.tooLong(used, this.#limit) : words.count(used, this.#limit));
    }
  }

  #key(event) {
    // Enter also ends the composition of a Japanese or Chinese word; that one is not ours. Safari ends it first and says
    // so by the key's code alone: https://developer.mozilla.org/docs/Web/API/Element/keydown_event#keydown_events_with_ime
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.element.requestSubmit();
  }

  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    const pasted = wordsOf(event.clipboardData, files);
    if (!pasted) this.onFiles(files.map(named));
    else document.execCommand("insertText", false, pasted);
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

/** A pasted picture is called image.png by every browser: give it the time, so that two can be told apart. */
function named(file) {
  if (file.name && file.name !== "image.png") return file;
  return new File([file], words.files.pictureName(time(new Date()).replace(/[^\w]+/g, "-")), { type: file.type });
}

/** Characters as the server counts them: an emoji is one, not two. */
function length(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function accepted(types) {
  return types.length ? types.map((type) => (type.includes("/") || type.startsWith(".") ? type : `.${type}`)).join(",") : null;
}
