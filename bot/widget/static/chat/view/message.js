/** One message as an element: who, when, text, cards, files, and for an unsent one what became of it. */
import { aside, h, icon, safeUrl } from "./dom.js";
import { attachmentView } from "./attachment.js";
import { contentNodes } from "./content.js";
import { time } from "./format.js";
import { words } from "../i18n.js";

/** `item` is a stored message; `follows` says that the one above is by the same person of the same minutes. */
export function messageView(item, follows, fetchFile) {
  const date = new Date(item.created_at);
  const mine = item.author === "customer";
  const name = mine ? words.you : item.author_name || words.support;
  return h("article", { class: `message from-${item.author}${follows ? " follows" : ""}`, "aria-live": mine && "off" },
    byline(name, date, follows),
    bubble(item),
    (item.cards ?? []).map((shown, place) => card(shown, () => tellOpened(item.seq, place))),
    (item.attachments ?? []).map((file) => attachmentView(file, fetchFile)),
  );
}

/** An entry of the outbox. The note below is filled in by unsentNote, which changes while the message waits. */
export function unsentView(entry, follows, actions) {
  const date = new Date(entry.created_at);
  const note = h("div", { class: "unsent-note" });
  const article = h("article", { class: `message from-customer unsent${follows ? " follows" : ""}`, "aria-live": "off" },
    byline(words.you, date, follows),
    bubble({ text: textOf(entry) }),
    entry.attachments.map((file) => h("p", { class: "file" }, icon("file"), h("span", { class: "file-name" }, file.name))),
    note,
  );
  note.append(unsentNote(entry, actions));
  return article;
}

function textOf(entry) {
  return entry.text ?? entry.title ?? "";
}

function unsentNote(entry, { onRetry, onDelete, onEdit }) {
  const excerpt = textOf(entry).slice(0, 40);
  const retry = h("button", { type: "button", class: "link-button", "aria-label": words.retryMessage(excerpt), onclick: () => onRetry(entry.id) }, words.retry);
  const remove = h("button", { type: "button", class: "link-button", "aria-label": words.deleteMessage(excerpt), onclick: () => onDelete(entry.id) }, words.delete);
  const edit = h("button", { type: "button", class: "link-button", "aria-label": words.editMessage(excerpt), onclick: () => onEdit(entry) }, words.edit);
  switch (entry.state) {
    case "sending":
      return h("p", {}, words.sending);
    case "queued":
      return h("p", {}, words.queued, " ", remove);
    case "waiting":
      return h("p", { class: "waiting" }, entry.trouble ? `${entry.trouble} ` : "", words.retrying, " ",
        h("span", { class: "countdown", "data-until": entry.not_before, "aria-hidden": "true" }), " ", retry, " ", remove);
    default:
      return h("p", { class: "failed" }, `${words.notSent} ${entry.refused} `, retry, " ", edit, " ", remove);
  }
}

function byline(name, date, follows) {
  const stamp = h("time", { datetime: date.toISOString() }, time(date));
  if (follows) return aside(words.from(name, time(date)));
  return h("p", { class: "byline" }, h("span", { class: "byline-name" }, name), " ", stamp);
}

function bubble(item) {
  const opensTab = () => [aside(` (${words.opensNewTab})`)];
  return item.text ? h("div", { class: "bubble", dir: "auto" }, contentNodes(item.text, item.content, opensTab)) : null;
}

/** Heard by main.js, which tells the gateway: what is opened shows which answers of the manual are of use. */
function tellOpened(seq, card) {
  document.dispatchEvent(new CustomEvent("card-opened", { detail: { seq, card } }));
}

function card({ title, url, excerpt, picture, picture_text }, onOpened) {
  const href = safeUrl(url);
  const head = h("span", { class: "card-title" }, icon("page"), h("span", {}, title), href && aside(` (${words.opensNewTab})`));
  const text = excerpt ? h("span", { class: "card-excerpt", dir: "auto" }, excerpt) : null;
  const image = ownPicture(picture) ? h("img", { class: "card-picture", src: picture, alt: picture_text ?? "", loading: "lazy" }) : null;
  return href
    ? h("a", { class: "card", href, target: "_blank", rel: "noopener", onclick: onOpened, onauxclick: onOpened }, head, text, image)
    : h("div", { class: "card" }, head, text, image);
}

/** Pictures of the manual are shown from our own address only. */
function ownPicture(address) {
  return typeof address === "string" && address.startsWith("/manual/");
}
