/** A file of a message: pictures are shown, anything else is offered for download. Both need the token, so we fetch them. */
import { h, icon, setText } from "./dom.js";
import { isPicture } from "../staged_files.js";
import { words } from "../i18n.js";

const SHOWN_AT_ONCE_BYTES = 10_000_000;

/** `fetchFile(attachment_id)` gives the bytes. */
export function attachmentView(file, fetchFile) {
  const picture = isPicture(file.content_type) && file.size <= SHOWN_AT_ONCE_BYTES;
  return picture ? pictureView(file, fetchFile) : downloadView(file, fetchFile);
}

function pictureView(file, fetchFile) {
  const image = h("img", { class: "picture", alt: file.name, hidden: true });
  const link = h("a", { class: "picture-link", target: "_blank", rel: "noopener", "aria-label": words.files.enlarge(file.name) }, image);
  const frame = h("div", { class: "picture-frame" }, link);
  show();
  return frame;

  async function show() {
    try {
      // The type is one of four harmless ones, whatever the bytes are: a browser runs nothing in them.
      const address = URL.createObjectURL(new Blob([await fetchFile(file.attachment_id)], { type: file.content_type }));
      image.addEventListener("error", () => frame.replaceChildren(downloadView(file, fetchFile)));
      image.src = link.href = address;
      image.hidden = false;
    } catch {
      frame.replaceChildren(downloadView(file, fetchFile));
    }
  }
}

function downloadView(file, fetchFile) {
  const size = words.size(file.size);
  const note = h("span", { class: "file-size" }, size);
  const button = h("button", { type: "button", class: "file", "aria-label": words.files.download(file.name, size), onclick: download },
    icon("file"), h("span", { class: "file-name" }, file.name), note);
  return button;

  async function download() {
    try {
      const address = URL.createObjectURL(new Blob([await fetchFile(file.attachment_id)], { type: "application/octet-stream" }));
      h("a", { href: address, download: file.name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      setText(note, size);
    } catch {
      setText(note, words.files.unavailable);
    }
  }
}
