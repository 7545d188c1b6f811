// One issue: its status, its fields, its links.
import "./page.js";
import { call } from "./call.js";
import { open, takeUp } from "./dialogs.js";
import { editIssue } from "./editing.js";
import { onKey } from "./keys.js";
import { say } from "./say.js";

const { reference } = document.querySelector("main").dataset;
const form = document.getElementById("link-form");

editIssue(reference, () => location.reload());
document.querySelector("[data-take]")?.addEventListener("click", () => takeUp(reference));
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = { kind: document.getElementById("link-kind").value, other: document.getElementById("link-other").value };
  try {
    await call("POST", `issues/${reference}/link`, body);
    location.reload();
  } catch (problem) {
    say(problem.message);
  }
});
onKey("e", () => open("edit"));
