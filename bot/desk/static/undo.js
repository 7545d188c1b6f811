// What can be undone for a few seconds: a word with a button on every page of the desk, until it has taken effect. The
// server keeps it, so that a reload or another tab shows it too.
import { call } from "./call.js";
import { element } from "./element.js";
import { offer } from "./keys.js";
import { onCounts } from "./live.js";
import { say } from "./say.js";

const WORDS = {
  resolve: (what) => `Resolving ${what} …`,
  transfer: (what) => `Transferring ${what} …`,
  known_problem: (what) => `Linking ${what} to the known problem …`,
  reply: () => "Sending your reply …",
};
const place = document.getElementById("said");
const waiting = new Map();
const ended = new Set();

// Show what was just asked for, before the stream tells of it.
export function showUndo(action) {
  if (!action || waiting.has(action.id) || ended.has(action.id)) return;
  waiting.set(action.id, action);
  show(action.kind);
}

// One word for all that is alike.
function show(kind) {
  const alike = [...waiting.values()].filter((action) => action.kind === kind);
  const old = place.querySelector(`[data-undo=${kind}]`);
  if (!alike.length) return old?.remove();
  const what = alike.length > 1 ? `${alike.length} issues` : (alike[0].reference ?? "the conversation");
  const undo = element("button", { type: "button", className: "small", onclick: () => takeBack(alike) }, "Undo");
  const toast = element("p", { className: "toast", dataset: { undo: kind } }, `${WORDS[kind](what)} `, undo);
  if (old) old.replaceWith(toast);
  else place.append(toast);
}

async function takeBack(actions) {
  const results = await Promise.allSettled(actions.map(({ id }) => call("POST", `delayed/${id}/undo`, {})));
  results.forEach(({ status }, at) => status === "fulfilled" && end(actions[at], "undone"));
  const failed = results.find(({ status }) => status === "rejected");
  say(failed ? failed.reason.message : "Undone.");
}

// how: undone, done or dropped. Who keeps something of it for the technician hears it.
function end(action, how) {
  waiting.delete(action.id);
  show(action.kind);
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
  for (const action of [...waiting.values()]) {
    const asked = before?.delayed.some(({ id }) => id === action.id);
    if (asked && !still.some(({ id }) => id === action.id)) end(action, "done");
  }
  still.forEach(showUndo);
});

offer("Undo what I just did", "u", () => takeBack([[...waiting.values()].at(-1)]), { available: () => waiting.size > 0 });
