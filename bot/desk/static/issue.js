// One issue as it stands: its status, its fields, its links. A colleague's change appears by itself.
import "./page.js";
import "./tags.js";
import { call } from "./call.js";
import { clearProblems, open, showAtField, takeUp, whenSent } from "./dialogs.js";
import { editIssue } from "./editing.js";
import { escalateIssue } from "./escalating.js";
import { offer } from "./keys.js";
import { refresher } from "./parts.js";
import { say } from "./say.js";
import { restWhileHidden, showConnection, Stream } from "./stream.js";

const { reference } = document.querySelector("main").dataset;
const form = document.getElementById("link-form");
const refresh = refresher(`issues/${reference}`);

editIssue(reference, () => changed("The issue is changed."));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { kind, other } = wanted();
  clearProblems(form);
  document.getElementById("dialog-link").dataset.fresh = `issues/${reference}/link/${encodeURIComponent(other)}?kind=${kind}`;
  open("link", (problem) => showAtField(document.getElementById("link-other"), problem.message));
});
whenSent("link", () => call("POST", `issues/${reference}/link`, wanted()), () => {
  form.reset();
  changed("The issues are linked.");
});

escalateIssue(reference, changed);

let linked = "";
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-take]")) return takeUp(reference);
  const button = event.target.closest("[data-unlink]");
  if (!button) return;
  linked = document.getElementById("unlink-other").textContent = button.dataset.unlink;
  for (const part of document.querySelectorAll("#dialog-unlink [data-of]")) part.hidden = part.dataset.of !== button.dataset.kind;
  open("unlink");
});
whenSent("unlink", () => call("POST", `issues/${reference}/unlink`, { other: linked }), () => changed("The link is taken back."));

function changed(words) {
  say(words);
  refresh();
}

// The page comes with the first revision; whatever came since is fetched.
let shown = Number(document.querySelector("main").dataset.revision);
const stream = new Stream(() => `/desk/api/issues/${reference}/events`, { issue: moved }, showConnection(document.getElementById("live")));
restWhileHidden(stream);

function moved({ revision }) {
  if (revision !== shown) refresh();
  shown = revision;
}

function wanted() {
  return { kind: document.getElementById("link-kind").value, other: document.getElementById("link-other").value.trim() };
}

offer("Edit the issue", "e", () => open("edit"));
offer("Escalate to the developers", null, () => open("escalate"));
offer("Set the status, or snooze", "s", () => open("status"));
