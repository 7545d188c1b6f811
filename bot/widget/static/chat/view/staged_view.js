/** The files that wait above the text area, each with its progress. */
import { h, icon, set } from "./dom.js";
import { words } from "../i18n.js";

export class StagedView {
  element = h("ul", { class: "staged", "aria-label": words.files.staged, hidden: true });
  #drawn = new Map();

  constructor({ onRetry, onRemove }) {
    this.onRetry = onRetry;
    this.onRemove = onRemove;
  }

  render(files) {
    this.element.hidden = files.length === 0;
    const kept = new Set(files.map((file) => file.id));
    for (const [id, drawn] of this.#drawn) {
      if (kept.has(id)) continue;
      drawn.item.remove();
      this.#drawn.delete(id);
    }
    for (const file of files) {
      const old = this.#drawn.get(file.id);
      if (old?.state === file.state) set(old.bar, "value", file.progress);
      else this.#replace(file, old);
    }
  }

  #replace(file, old) {
    const bar = h("progress", { max: "1", value: file.progress, "aria-label": words.files.uploading(file.name) });
    const picture = file.preview ? h("img", { class: "staged-picture", src: file.preview, alt: "" }) : icon("file");
    const failed = file.state === "failed";
    const item = h("li", { class: `staged-file ${file.state}` }, picture,
      h("div", { class: "staged-about" },
        h("span", { class: "file-name" }, file.name),
        file.state === "uploading" ? bar : null,
        file.state === "ready" ? h("span", { class: "file-size" }, words.size(file.size)) : null,
        failed ? h("span", { class: "staged-reason", role: "alert" }, `${words.files.failed(file.name)} ${file.reason}`) : null,
        failed ? h("button", { type: "button", class: "link-button", "aria-label": words.files.retry(file.name), onclick: () => this.onRetry(file.id) }, words.retry) : null),
      h("button", { type: "button", class: "staged-remove", "aria-label": words.files.remove(file.name), onclick: () => this.onRemove(file.id) }, icon("close")));
    if (old) old.item.replaceWith(item);
    else this.element.append(item);
    this.#drawn.set(file.id, { item, bar, state: file.state });
  }
}
