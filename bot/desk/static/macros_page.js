// Macros: write, change, remove.
import "./page.js";
import { call } from "./call.js";
import { say } from "./say.js";

const FIELDS = ["title", "text", "team", "status", "to_team", "tags"];
const form = document.getElementById("macro-form");
const problem = document.getElementById("macro-problem");
const heading = document.getElementById("macro-heading");

document.getElementById("macros").addEventListener("click", async (event) => {
  const edit = event.target.closest("[data-edit]");
  const remove = event.target.closest("[data-remove]");
  if (edit) begin(JSON.parse(edit.dataset.edit));
  else if (remove) await take(remove.closest("[data-id]"));
});

function begin(macro) {
  form.elements.id.value = macro.id;
  for (const name of FIELDS) form.elements[name].value = name === "tags" ? macro.tags.join(", ") : (macro[name] ?? "");
  heading.textContent = `Change “${macro.title}”`;
  form.elements.title.focus();
}

async function take(row) {
  if (!confirm("Remove this macro? It cannot be brought back.")) return;
  try {
    await call("DELETE", `macros/${row.dataset.id}`);
    row.remove();
    say("The macro is removed.");
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
  const body = Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value || null]));
  const { value: id } = form.elements.id;
  try {
    await call("POST", id ? `macros/${id}` : "macros", body);
    location.reload();
  } catch (failed) {
    problem.textContent = failed.message;
    problem.hidden = false;
  }
});
