// One issue: its status, its fields, its links.
import "./page.js";
import { call } from "./call.js";
import { clearProblems, open, showAtField, takeUp, whenSent } from "./dialogs.js";
import { editIssue } from "./editing.js";
import { onKey } from "./keys.js";

const { reference } = document.querySelector("main").dataset;
const form = document.getElementById("link-form");

editIssue(reference, () => location.reload());
document.querySelector("[data-take]")?.addEventListener("click", () => takeUp(reference));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { kind, other } = wanted();
  clearProblems(form);
  document.getElementById("dialog-link").dataset.fresh = `issues/${reference}/link/${encodeURIComponent(other)}?kind=${kind}`;
  open("link", (problem) => showAtField(document.getElementById("link-other"), problem.message));
});
whenSent("link", () => call("POST", `issues/${reference}/link`, wanted()), () => location.reload());

let linked = "";
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-unlink]");
  if (!button) return;
  linked = document.getElementById("unlink-other").textContent = button.dataset.unlink;
  for (const part of document.querySelectorAll("#dialog-unlink [data-of]")) part.hidden = part.dataset.of !== button.dataset.kind;
  open("unlink");
});
whenSent("unlink", () => call("POST", `issues/${reference}/unlink`, { other: linked }), () => location.reload());

function wanted() {
  return { kind: document.getElementById("link-kind").value, other: document.getElementById("link-other").value.trim() };
}

onKey("e", () => open("edit"));
