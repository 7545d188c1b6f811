/** Before the first message: what the assistant can do, whether people are there now, suggestions, and who reads this. */
import { h, safeUrl, set, setText } from "./dom.js";
import { words } from "../i18n.js";

export class Welcome {
  #greeting = h("p", { class: "welcome-greeting" });
  #hoursText = h("span");
  #hours = h("p", { class: "welcome-hours" }, h("span", { class: "dot", "aria-hidden": "true" }), this.#hoursText);
  #replies = h("div", { class: "choices", role: "group", "aria-label": words.quickReplies });
  #known = h("div", { class: "known", hidden: true });
  #privacyText = h("span");
  #privacyLink = h("a", { target: "_blank", rel: "noopener" }, words.privacyLink);
  #privacy = h("p", { class: "welcome-privacy" }, this.#privacyText, " ", this.#privacyLink);
  #earlier = h("button", { type: "button", class: "link-button" }, words.backToEarlier);
  #drawn = "";
  #knownDrawn = "";

  constructor({ onReply, onEarlier }) {
    this.onReply = onReply;
    this.#earlier.addEventListener("click", onEarlier);
    this.element = h("section", { class: "welcome" }, this.#greeting, this.#hours, this.#known, this.#earlier, this.#replies, this.#privacy);
  }

  render(state, started) {
    const { config } = state;
    setText(this.#greeting, config?.greeting ?? words.greetingWithoutConfig);
    this.#earlier.hidden = started || !state.earlier;
    this.#replies.hidden = started;
    this.#hours.hidden = this.#privacy.hidden = !config;
    if (!config) return;
    setText(this.#hoursText, config.hours.text);
    set(this.#hours, "data-open", String(config.hours.open));
    setText(this.#privacyText, [config.privacy.notice, config.privacy.retention].filter(Boolean).join(" "));
    set(this.#privacyLink, "href", safeUrl(config.privacy.url));
    this.#drawReplies(config.quick_replies);
    this.#drawKnown(config.known_problems ?? [], config.known_problem_button);
  }

  /** What the department knows of already: whoever has it too says so with one press, and gets a reference of their own. */
  #drawKnown(problems, mine) {
    const key = JSON.stringify(problems);
    if (key === this.#knownDrawn) return;
    this.#knownDrawn = key;
    this.#known.hidden = problems.length === 0;
    this.#known.replaceChildren(
      ...problems.map(({ title, text }) =>
        h("section", { class: "known-problem", "aria-label": words.knownProblem }, h("b", {}, title), h("p", {}, text),
          h("button", { type: "button", class: "choice", "aria-label": `${mine}: ${title}`, onclick: () => this.onReply(words.mineToo(title)) }, mine))),
    );
  }

  #drawReplies(replies) {
    const key = JSON.stringify(replies);
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#replies.replaceChildren(
      ...replies.map((reply) =>
        h("button", { type: "button", class: "choice", onclick: () => this.onReply(reply.text) }, reply.title)),
    );
  }
}
