/** One question when the issue is resolved: how well was it handled? And a comment, if the customer likes. */
import { h, setText } from "./dom.js";
import { words } from "../i18n.js";

export class RatingForm {
  #scores = words.rating.scores.map((label, index) => {
    const radio = h("input", { type: "radio", name: "score", value: index + 1, required: true });
    return h("label", { class: "rating-score" }, radio, h("span", {}, label));
  });
  #comment = h("textarea", { id: "rating-comment", rows: "2", maxlength: "2000" });
  #send = h("button", { class: "rating-send" }, words.rating.send);
  #said = h("p", { class: "rating-said", role: "status" });
  #form;
  #issue = null;
  #sending = false;
  #sent = false;

  /** `onRate(score, comment)` sends it; what goes wrong is said here and nothing is lost. */
  constructor({ onRate }) {
    this.onRate = onRate;
    this.#form = h("form", { onsubmit: (event) => this.#submit(event) },
      h("fieldset", { class: "rating-scores" }, h("legend", {}, words.rating.question), this.#scores),
      h("label", { for: "rating-comment" }, words.rating.comment), this.#comment, this.#send);
    this.element = h("section", { class: "rating", "aria-label": words.rating.title, hidden: true }, this.#form, this.#said);
  }

  /** Asked while the issue is resolved and not rated; after sending, only the thanks stay until it is about another. */
  render({ conversation }) {
    const { rating, reference } = conversation;
    if (reference !== this.#issue || !rating) this.#sent = false;
    this.#issue = reference;
    this.element.hidden = !rating || (rating.score !== null && !this.#sent && !this.#sending);
    this.#form.hidden = this.#sent;
    if (!this.#sent && this.element.hidden) setText(this.#said, "");
  }

  async #submit(event) {
    event.preventDefault();
    // The stream may tell of the score before the answer to this call comes.
    this.#send.disabled = this.#sending = true;
    try {
      await this.onRate(Number(new FormData(this.#form).get("score")), this.#comment.value.trim() || null);
      this.#sent = true;
      this.#form.reset();
      this.#form.hidden = true;
      setText(this.#said, words.rating.thanks);
    } catch (error) {
      setText(this.#said, error.message);
    } finally {
      this.#send.disabled = this.#sending = false;
    }
  }
}
