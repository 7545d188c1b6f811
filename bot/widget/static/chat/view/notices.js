/** What the customer must know besides the conversation: trouble with the connection, with storage, with a file. */
import { h, icon } from "./dom.js";
import { words } from "../i18n.js";

export class Notices {
  element = h("div", { class: "notices" });
  #polite = h("div", { role: "status" });
  #urgent = h("div", { role: "alert" });
  #drawn = "";

  constructor({ onDismiss }) {
    this.onDismiss = onDismiss;
    this.element.append(this.#polite, this.#urgent);
  }

  render(state) {
    const notices = [...state.notices, ...connectionNotice(state)];
    const key = JSON.stringify(notices.map(({ until, ...notice }) => notice));
    if (key === this.#drawn) {
      const countdown = this.element.querySelector("[data-key=connection] .countdown");
      const until = notices.find((notice) => notice.key === "connection")?.until;
      if (countdown && until) countdown.dataset.until = until;
      return;
    }
    this.#drawn = key;
    this.#polite.replaceChildren(...notices.filter(({ kind }) => kind !== "error").map((notice) => this.#notice(notice)));
    this.#urgent.replaceChildren(...notices.filter(({ kind }) => kind === "error").map((notice) => this.#notice(notice)));
  }

  #notice({ key, kind, text, until }) {
    const dismiss = h("button", { type: "button", class: "notice-dismiss", "aria-label": words.notices.dismiss, onclick: () => this.onDismiss(key) }, icon("close"));
    return h("div", { class: `notice notice-${kind}`, "data-key": key },
      h("p", {}, text, " ", until && h("span", { class: "countdown", "data-until": until, "aria-hidden": "true" })),
      key === "connection" ? null : dismiss);
  }
}

/** A lost connection is worth a word from the second failure on: a restart of the server passes unnoticed. */
function connectionNotice({ connection, config }) {
  const { kind, attempt, reason, until } = connection;
  if (kind === "open" || kind === "idle" || attempt < 2) return [];
  const said = words.connection[reason ?? "network"];
  const text = config?.phone ? `${said} ${words.connection.callMeanwhile(config.phone)}` : said;
  return [{ key: "connection", kind: "warn", text, until }];
}

/** Keep every countdown on the page right; called once a second. */
export function tick(root, now = Date.now()) {
  for (const element of root.querySelectorAll(".countdown")) {
    const seconds = Math.ceil((Number(element.dataset.until) - now) / 1000);
    const text = seconds > 0 ? words.connection.nextTry(seconds) : "";
    if (element.textContent !== text) element.textContent = text;
  }
}
