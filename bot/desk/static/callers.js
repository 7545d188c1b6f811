// Who telephones: looked up while the technician types, with what is known and the issues that are open.
import { call } from "./call.js";
import { element } from "./element.js";

const AFTER_MS = 250;
const FEWEST_CHARACTERS = 3;
const CONTRACTS = { in_force: "in force", ends_soon: "ends soon", ended: "ended", not_begun: "not begun" };

export class Callers {
  // chosen(caller) is called with who was chosen, null when the choice is taken back.
  constructor(chosen) {
    this.chosen = chosen;
    [this.field, this.list, this.said, this.shown] = ["caller", "callers", "callers-said", "chosen-caller"].map((id) => document.getElementById(id));
    this.field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.find(), AFTER_MS);
    });
    this.field.addEventListener("keydown", (event) => event.key === "Enter" && this.list.querySelector("button")?.click());
  }

  async find() {
    const wanted = this.field.value.trim();
    this.list.replaceChildren();
    if (wanted.length < FEWEST_CHARACTERS) return (this.said.textContent = "");
    try {
      const { callers } = await call("GET", `callers?q=${encodeURIComponent(wanted)}`);
      if (wanted !== this.field.value.trim()) return; // something else was typed meanwhile
      this.said.textContent = callers.length ? "" : "Nobody known fits. Log the call below; a new customer is made.";
      this.list.replaceChildren(...callers.map((caller) => this.card(caller)));
    } catch (problem) {
      this.said.textContent = problem.message;
    }
  }

  card(caller) {
    const name = caller.name ?? caller.email ?? caller.phone ?? caller.contact;
    const use = element("button", { type: "button", className: "small", ariaLabel: `Use ${name} for this call` }, "Use");
    use.addEventListener("click", () => this.choose(caller, name));
    return element("li", {}, element("p", {}, element("b", {}, name), " ", use), element("p", { className: "soft" }, about(caller)), issues(caller.issues));
  }

  choose(caller, name) {
    this.list.replaceChildren();
    this.field.value = "";
    const back = element("button", { type: "button", className: "quiet small" }, "Somebody else");
    back.addEventListener("click", () => {
      this.shown.hidden = true;
      this.chosen(null);
    });
    this.shown.replaceChildren(`For ${name}. `, back);
    this.shown.hidden = false;
    this.chosen(caller);
  }
}

function about(caller) {
  const contract = caller.contract && `contract ${caller.contract}, ${CONTRACTS[caller.contract_state] ?? caller.contract_state}`;
  return [caller.company, contract ?? "no contract known", caller.phone, caller.email ?? caller.contact].filter(Boolean).join(" · ");
}

function issues(list) {
  const items = list.map((issue) =>
    element("li", {}, element("a", { href: `/desk/conversations/${issue.conversation_id}` }, issue.title), " ", element("span", { className: "soft" }, `${issue.reference}, ${issue.status_text}`)),
  );
  return element("ul", { className: "links" }, ...items);
}
