// Why the assistant said something: who read the message, as what, and which rule did what. Fetched when it is opened.
import { call } from "./call.js";
import { moment } from "./clocks.js";
import { element } from "./element.js";
import { say } from "./say.js";

export class Turns {
  // address: the conversation's, for the API. entryOf(seq): the article of a message.
  constructor(address, entryOf) {
    Object.assign(this, { address, entryOf });
    this.known = new Map(); // by the seq of each reply
  }

  explain(seq) {
    const facts = element("div", {});
    const why = element("details", { className: "why" }, element("summary", {}, "Why did it say that?"), facts);
    why.addEventListener("toggle", () => why.open && this.show(seq, facts));
    return why;
  }

  async show(seq, facts) {
    try {
      if (!this.known.has(seq)) await this.load();
      facts.replaceChildren(this.known.has(seq) ? this.described(this.known.get(seq)) : nothing());
    } catch (problem) {
      const words = `${problem.message} Open it again to try once more.`;
      facts.replaceChildren(element("p", { className: "problem" }, words));
    }
    facts.scrollIntoView({ block: "nearest" });
  }

  async load() {
    const { turns } = await call("GET", `${this.address}/turns`);
    for (const turn of turns) for (const seq of turn.replies) this.known.set(seq, turn);
  }

  described(turn) {
    const facts = [
      ["In answer to", this.answered(turn)],
      ["Read by", { engine: "the engine", rules: "rules", nobody: "nobody" }[turn.read_by]],
      ["Understood as", turn.intent && `${spaced(turn.intent)} ${turn.confidence?.toFixed(2) ?? ""}`],
      ["Evidence", turn.evidence.join(", ") || "nothing was looked up"],
      ["Rule", turn.rule],
      ["Did", turn.commands.map(spaced).join(", ") || "nothing"],
      ["Result", turn.result],
      ["Took", `${turn.milliseconds} ms`],
    ];
    const list = element("dl", { className: "answers-given" }, ...facts.filter(([, value]) => value).map(fact));
    return turn.seq === null ? list : element("div", {}, list, this.marking(turn));
  }

  // Confident turns, too: what was marked waits for its label on the page Learning.
  marking(turn) {
    const words = () => (turn.marked ? "Marked as misunderstood. Take it back" : "This was misunderstood");
    const button = element("button", { type: "button", className: "quiet" }, words());
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await call("POST", `${this.address}/turns/${turn.seq}/misunderstood`, { misunderstood: !turn.marked });
        turn.marked = !turn.marked;
        button.textContent = words();
      } catch (problem) {
        say(problem.message);
      } finally {
        button.disabled = false;
      }
    });
    return button;
  }

  answered(turn) {
    if (turn.seq === null) return "an event without a message";
    const sent = this.entryOf(turn.seq)?.querySelector("time").dateTime;
    return sent ? `the message of ${moment(sent)}` : `message ${turn.seq}`;
  }
}

function fact([name, value]) {
  return element("div", { className: "fact" }, element("dt", {}, name), element("dd", {}, value));
}

function nothing() {
  return element("p", { className: "soft" }, "No decision is recorded for this message.");
}

function spaced(name) {
  return name.replaceAll("_", " ");
}
