// Canned replies: write, change, remove.
import "./page.js";
import { call } from "./call.js";
import { say } from "./say.js";

const form = document.getElementById("reply-form");
const problem = document.getElementById("reply-problem");
const heading = document.getElementById("reply-heading");

document.getElementById("replies").addEventListener("click", async (event) => {
  const edit = event.target.closest("[data-edit]");
  const remove = event.target.closest("[data-remove]");
  if (edit) begin(edit.closest("[data-id]").dataset.id, edit.dataset);
  else if (remove) await take(remove.closest("[data-id]"));
});

function begin(id, { title, text, team }) {
  form.elements.id.value = id;
  form.elements.title.value = title;
  form.elements.text.value = text;
  form.elements.team.value = team;
  heading.textContent = `Change “${title}”`;
  form.elements.title.focus();
}

async function take(row) {
  try {
    await call("DELETE", `canned/${row.dataset.id}`);
    row.remove();
    say("The reply is removed.");
  } catch (failed) {
    say(failed.message);
  }
}

form?.addEventListener("reset", () => {
  form.elements.id.value = "";
  heading.textContent = "A new one";
});

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { id, title, text, team } = form.elements;
  const body = { title: title.value, text: text.value, team: team.value || null };
  try {
    await call("POST", id.value ? `canned/${id.value}` : "canned", body);
    location.reload();
  } catch (failed) {
    problem.textContent = failed.message;
    problem.hidden = false;
  }
});
