/**
 * An incremental parser of server-sent events: `feed(text)` with whatever arrived, `onEvent({type, data, id})` per event.
 * Pieces may break anywhere, also between CR and LF.
 */
export class EventParser {
  #buffer = "";
  #fresh = true;
  #type = "";
  #data = [];
  #id = null;

  constructor(onEvent) {
    this.onEvent = onEvent;
  }

  feed(text) {
    this.#buffer += this.#fresh ? text.replace(/^\uFEFF/, "") : text;
    if (text) this.#fresh = false;
    let start = 0;
    const ending = /\r\n|\n|\r(?!$)/g;
    for (let found = ending.exec(this.#buffer); found; found = ending.exec(this.#buffer)) {
      this.#line(this.#buffer.slice(start, found.index));
      start = ending.lastIndex;
    }
    this.#buffer = this.#buffer.slice(start);
  }

  #line(line) {
    if (line === "") {
      this.#dispatch();
      return;
    }
    if (line.startsWith(":")) return;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#type = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id") this.#id = value;
  }

  #dispatch() {
    if (this.#data.length) {
      this.onEvent({ type: this.#type || "message", data: this.#data.join("\n"), id: this.#id });
    }
    this.#type = "";
    this.#data = [];
    this.#id = null;
  }
}
