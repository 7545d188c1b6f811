// What can be undone for a few seconds: a word with a button on every page of the desk, until it has taken effect. The
// server keeps it, so that a reload or another tab shows it too.
import { call } from "./call.js";
import { element } from "./element.js";
import { offer } from "./keys.js";
import { onCounts } from "./live.js";
import { say } from "./say.js";

const WORDS = {
  resolve: (reference) => `Resolving ${reference} …`,
  transfer: (reference) => `Transferring ${reference} …`,
  known_problem: (reference) => `Linking ${reference} to the known problem …`,
  reply: () => "Sending your reply …",
};
const place = document.getElementById("said");
const waiting = new Map();
const ended = new Set();

// Show what was just asked for, before the stream tells of it.
export function showUndo(action) {
  if (!action || waiting.has(action.id) || ended.has(action.id)) return;
  const undo = element("button", { type: "button", className: "small", onclick: () => takeBack(action) }, "Undo");
  const words = WORDS[action.kind](action.reference ?? "the conversation");
  const toast = element("p", { className: "toast", dataset: { undo: action.id } }, `${words} `, undo);
  waiting.set(action.id, { action, toast });
  place.append(toast);
}

async function takeBack(action) {
  try {
    await call("POST", `delayed/${action.id}/undo`, {});
    end(action, "undone");
    say("Undone.");
  } catch (problem) {
    say(problem.message);
  }
}

// how: undone, done or dropped. Who keeps something of it for the technician hears it.
function end(action, how) {
  waiting.get(action.id)?.toast.remove();
  waiting.delete(action.id);
  if (ended.has(action.id)) return;
  ended.add(action.id);
  document.dispatchEvent(new CustomEvent("delayed-ended", { detail: { ...action, how } }));
}

onCounts(({ delayed }, before) => {
  const dropped = delayed.filter((action) => action.why);
  for (const action of dropped) {
    if (before && !ended.has(action.id)) say(action.why, "", { href: `/desk/conversations/${action.conversation_id}`, label: "Open" });
    end(action, "dropped");
  }
  const still = delayed.filter((action) => !action.why);
  for (const { action } of [...waiting.values()]) {
    const asked = before?.delayed.some(({ id }) => id === action.id);
    if (asked && !still.some(({ id }) => id === action.id)) end(action, "done");
  }
  still.forEach(showUndo);
});

offer("Undo what I just did", "u", () => takeBack([...waiting.values()].at(-1).action), { available: () => waiting.size > 0 });
